/**
 * Virtual time: a queue of what happens when. Between two steps every promise that can go on has gone on, so a run is
 * decided by what was scheduled and nothing else; no real timer is involved.
 */
export type Cancel = () => void

interface Entry {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

/** 2026-01-01, in microseconds. */
const beginning = 1_767_225_600_000_000

export class Scheduler {
  #now = beginning
  #order = 0
  #queue: Entry[] = []
  steps = 0

  /** Microseconds since 1970. */
  get micros(): number {
    return this.#now
  }

  /** Whole milliseconds since 1970. */
  get now(): number {
    return Math.floor(this.#now / 1000)
  }

  get elapsedMs(): number {
    return (this.#now - beginning) / 1000
  }

  after(delayMs: number, run: () => void): Cancel {
    const at = this.#now + Math.max(0, Math.round(delayMs * 1000))
    const entry: Entry = { at, order: this.#order++, run }
    this.#push(entry)
    return () => {
      entry.run = null
    }
  }

  wait(delayMs: number): Promise<void> {
    return new Promise(resolve => this.after(delayMs, resolve))
  }

  /** Lets this much time pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + Math.round(ms * 1000)
    await settled()
    for (let next = this.#queue[0]; next !== undefined && next.at <= end; next = this.#queue[0]) {
      this.#pop()
      this.#now = next.at
      if (next.run === null) continue
      this.steps += 1
      next.run()
      await settled()
    }
    this.#now = end
  }

  /** Lets time pass until the condition holds, looking every `everyMs`; false if it does not within `withinMs`. */
  async until(condition: () => boolean, withinMs: number, everyMs = 50): Promise<boolean> {
    for (let passed = 0; passed < withinMs; passed += everyMs) {
      if (condition()) return true
      await this.advance(everyMs)
    }
    return condition()
  }

  #push(entry: Entry): void {
    const queue = this.#queue
    let place = queue.push(entry) - 1
    while (place > 0) {
      const parent = (place - 1) >> 1
      const above = queue[parent] as Entry
      if (!before(entry, above)) break
      queue[place] = above
      place = parent
    }
    queue[place] = entry
  }

  #pop(): void {
    const queue = this.#queue
    const last = queue.pop()
    if (last === undefined || queue.length === 0) return
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= queue.length) break
      if (child + 1 < queue.length && before(queue[child + 1] as Entry, queue[child] as Entry)) child += 1
      if (!before(queue[child] as Entry, last)) break
      queue[place] = queue[child] as Entry
      place = child
    }
    queue[place] = last
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** Node runs what was handed to `nextTick` only when no promise is left to be continued. */
function settled(): Promise<void> {
  return new Promise(resolve => process.nextTick(resolve))
}
