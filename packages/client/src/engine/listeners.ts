import type { EventKind } from '@recado/protocol'
import type { ClientEvent, ClientEventListener } from '../types.ts'

/** Who wants to hear of events, by kind. A listener that throws stops neither the others nor the engine. */
export class EventListeners {
  readonly #failed: (error: unknown) => void
  readonly #listeners = new Map<EventKind, Set<(event: never) => void>>()

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  add<Kind extends EventKind>(kind: Kind, listener: ClientEventListener<Kind>): () => void {
    const listeners = this.#listeners.get(kind) ?? new Set()
    this.#listeners.set(kind, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  emit(event: ClientEvent<EventKind>): void {
    for (const listener of this.#listeners.get(event.kind) ?? []) {
      try {
        // The set under this kind holds only listeners for it.
        listener(event as never)
      } catch (error) {
        this.#failed(error)
      }
    }
  }
}
