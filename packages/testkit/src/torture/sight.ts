/** Who may see which part of a stream, worked out from its membership events alone. */
import type { StoredConversation } from './evidence.ts'

/** Both ends included: a person who is removed still learns of it. */
interface Stay {
  readonly from: number
  to: number
}

export class Sight {
  readonly #stays = new Map<number, Stay[]>()

  constructor({ events, members }: StoredConversation) {
    const added = new Set(events.filter(event => event.kind === 'member.added').map(event => event.target))
    for (const event of events) {
      if (event.target === null) continue
      // Who is there from the creation on sees all of it; who is added later sees from there on.
      if (event.kind === 'member.added') this.#open(event.target, event.key === null ? 0 : event.sequence)
      else if (event.kind === 'member.removed' || event.kind === 'member.left')
        this.#close(event.target, event.sequence)
    }
    for (const { accountId } of members) if (!added.has(accountId)) this.#open(accountId, 0)
  }

  maySee(accountId: number, sequence: number): boolean {
    return this.staysOf(accountId).some(stay => sequence >= stay.from && sequence <= stay.to)
  }

  staysOf(accountId: number): readonly Stay[] {
    return this.#stays.get(accountId) ?? []
  }

  #open(accountId: number, from: number): void {
    const stays = this.#stays.get(accountId) ?? []
    stays.push({ from, to: Number.POSITIVE_INFINITY })
    this.#stays.set(accountId, stays)
  }

  #close(accountId: number, to: number): void {
    const last = this.#stays.get(accountId)?.at(-1)
    if (last === undefined) this.#stays.set(accountId, [{ from: 0, to }])
    else last.to = to
  }
}
