/** Time that passes only when a test says so: timers fire in order, and what they cause settles before the next. */
import type { Cancel, Clock } from '../ports.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

export class VirtualClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00.000Z')
  #order = 0
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  setTimer(afterMs: number, callback: () => void): Cancel {
    const timer = { at: this.#now + Math.max(0, afterMs), order: this.#order++, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settled()
    }
    this.#now = end
  }

  /** Lets time pass until `condition` holds; fails after `withinMs` of it. */
  async until(condition: () => boolean, withinMs = 120_000): Promise<void> {
    const end = this.#now + withinMs
    await settled()
    while (!condition()) {
      const next = this.#next(end)
      if (!next) throw new Error('The condition did not come true in time.')
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settled()
    }
  }

  #next(end: number): Timer | undefined {
    let best: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (!best || timer.at < best.at || (timer.at === best.at && timer.order < best.order)) best = timer
    }
    return best
  }
}

/** Every promise that can settle without a timer has settled. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
