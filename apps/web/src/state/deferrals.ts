/**
 * Destructive actions that can still be undone. What is deleted or left disappears at once and is done on the server when
 * its ten seconds are over, or when the page goes away: until then undoing needs no server.
 */
import { createStore, type Store } from './store.ts'

export const undoMs = 10_000

export interface Deferral {
  /** What is hidden meanwhile: `messageKey` or `conversationKey`. */
  readonly key: string
  readonly run: () => Promise<void>
  /** Called when the server refused, with what was hidden back on screen. */
  readonly refused: (cause: unknown) => void
}

export interface Deferrals {
  readonly hidden: Pick<Store<ReadonlySet<string>>, 'get' | 'subscribe'>
  defer(deferral: Deferral): void
  undo(key: string): void
  /** Does everything that waits, now. */
  flush(): void
}

export function messageKey(conversationId: number, sequence: number): string {
  return `message ${conversationId}/${sequence}`
}

export function conversationKey(conversationId: number): string {
  return `conversation ${conversationId}`
}

export function createDeferrals(): Deferrals {
  const hidden = createStore<ReadonlySet<string>>(new Set())
  const waiting = new Map<string, { readonly deferral: Deferral; readonly timer: ReturnType<typeof setTimeout> }>()

  function show(key: string): void {
    const next = new Set(hidden.get())
    next.delete(key)
    hidden.set(next)
  }

  async function commit(deferral: Deferral): Promise<void> {
    waiting.delete(deferral.key)
    try {
      await deferral.run()
    } catch (cause) {
      deferral.refused(cause)
    } finally {
      show(deferral.key)
    }
  }

  return {
    hidden,
    defer(deferral) {
      if (waiting.has(deferral.key)) return
      waiting.set(deferral.key, { deferral, timer: setTimeout(() => void commit(deferral), undoMs) })
      hidden.set(new Set(hidden.get()).add(deferral.key))
    },
    undo(key) {
      const entry = waiting.get(key)
      if (!entry) return
      clearTimeout(entry.timer)
      waiting.delete(key)
      show(key)
    },
    flush() {
      for (const { deferral, timer } of [...waiting.values()]) {
        clearTimeout(timer)
        void commit(deferral)
      }
    },
  }
}
