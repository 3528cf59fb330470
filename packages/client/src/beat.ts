/** Gathers changes into one beat: listeners hear of them once, however many there were. */
import type { ConversationId } from '@recado/protocol'
import type { Schedule } from './ports.ts'

type Listener = () => void

export class Beat {
  readonly #schedule: Schedule
  readonly #listeners = new Set<Listener>()
  readonly #byConversation = new Map<ConversationId, Set<Listener>>()
  readonly #due = new Set<ConversationId>()
  #state: 'still' | 'scheduled' = 'still'

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  listenTo(id: ConversationId, listener: Listener): () => void {
    const listeners = this.#byConversation.get(id) ?? new Set()
    this.#byConversation.set(id, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#byConversation.delete(id)
    }
  }

  listened(): Iterable<ConversationId> {
    return this.#byConversation.keys()
  }

  isListenedTo(id: ConversationId): boolean {
    return this.#byConversation.has(id)
  }

  changed(id?: ConversationId): void {
    if (id !== undefined && this.#byConversation.has(id)) this.#due.add(id)
    if (this.#state === 'scheduled') return
    this.#state = 'scheduled'
    this.#schedule(() => this.#fire())
  }

  #fire(): void {
    this.#state = 'still'
    const due = [...this.#due]
    this.#due.clear()
    for (const listener of [...this.#listeners]) listener()
    for (const id of due) for (const listener of [...(this.#byConversation.get(id) ?? [])]) listener()
  }
}
