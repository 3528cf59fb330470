/** Exclusive locks by name, first come first served, held until their owner lets go of all of them. */

/** In PostgreSQL's words, so that the lanes treat it as they treat the real one. */
class DeadlockError extends Error {
  readonly severity = 'ERROR'
  readonly code = '40P01'

  constructor() {
    super('deadlock detected')
    this.name = 'DeadlockError'
  }
}

interface Waiting {
  readonly owner: object
  grant(): void
  refuse(error: Error): void
}

export class Locks {
  readonly #held = new Map<string, object>()
  readonly #queues = new Map<string, Waiting[]>()
  readonly #waitsFor = new Map<object, string>()

  /** Resolves once `owner` holds it; rejects when waiting would never end, or the owner was ended meanwhile. */
  async take(owner: object, name: string): Promise<void> {
    const holder = this.#held.get(name)
    if (holder === owner) return
    if (holder === undefined) {
      this.#held.set(name, owner)
      return
    }
    if (this.#leadsBackTo(owner, name)) throw new DeadlockError()
    this.#waitsFor.set(owner, name)
    await new Promise<void>((grant, refuse) => {
      const queue = this.#queues.get(name) ?? []
      queue.push({ owner, grant, refuse })
      this.#queues.set(name, queue)
    })
  }

  /** Lets go of everything; whoever waits next holds it at once. An owner that waits itself is refused. */
  release(owner: object): void {
    const waited = this.#waitsFor.get(owner)
    if (waited !== undefined) {
      this.#waitsFor.delete(owner)
      const queue = this.#queues.get(waited) ?? []
      const place = queue.findIndex(waiting => waiting.owner === owner)
      for (const waiting of queue.splice(place, 1)) waiting.refuse(new Error('the transaction was ended'))
    }
    for (const [name, holder] of [...this.#held]) {
      if (holder === owner) this.#handOn(name)
    }
  }

  #handOn(name: string): void {
    const next = this.#queues.get(name)?.shift()
    if (next === undefined) {
      this.#held.delete(name)
      return
    }
    this.#held.set(name, next.owner)
    this.#waitsFor.delete(next.owner)
    next.grant()
  }

  #leadsBackTo(owner: object, name: string): boolean {
    for (let holder = this.#held.get(name); holder !== undefined; ) {
      if (holder === owner) return true
      const next = this.#waitsFor.get(holder)
      if (next === undefined) return false
      holder = this.#held.get(next)
    }
    return false
  }
}
