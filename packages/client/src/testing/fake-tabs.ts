/** What tabs of one browser share beside its storage: a channel, and locks that a dead tab lets go. */
import type { Locks, TabMessage, Tabs } from '../ports.ts'

export class FakeTabs {
  /** Hands one message to one tab: a test may do so later, twice or never. */
  carry: (hand: () => void) => void = queueMicrotask
  readonly #listeners = new Set<(message: TabMessage) => void>()
  readonly #turns = new Map<string, Promise<unknown>>()

  tab(): Tabs {
    const own = new Set<(message: TabMessage) => void>()
    return {
      post: message => {
        for (const listener of this.#listeners) if (!own.has(listener)) this.carry(() => listener(message))
      },
      listen: listener => {
        own.add(listener)
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  readonly locks: Locks = {
    exclusive: (name, task, signal) => {
      const before = this.#turns.get(name) ?? Promise.resolve()
      const given = Promise.withResolvers<never>()
      given.promise.catch(() => undefined)
      const giveUp = () => given.reject(signal?.reason)
      signal?.addEventListener('abort', giveUp)
      const turn = before.then(() => {
        signal?.throwIfAborted()
        // Who has begun is not interrupted.
        signal?.removeEventListener('abort', giveUp)
        return task()
      })
      this.#turns.set(
        name,
        turn.catch(() => undefined),
      )
      return Promise.race([turn, given.promise])
    },
  }
}
