/** The conversations that somebody looks at, and the few that were closed last, so that going back to them is instant. */
import type { ConversationId, StreamEvent } from '@recado/protocol'
import { indexOfSequence } from './messages.ts'
import { type ConversationState, isLarge } from './model.ts'
import { OpenConversation } from './open-conversation.ts'
import type { Parts } from './parts.ts'

const keptClosed = 4

export class OpenConversations {
  readonly #parts: Parts
  readonly #open = new Map<ConversationId, OpenConversation>()
  /** Oldest first. */
  readonly #closed = new Set<ConversationId>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  open(id: ConversationId): OpenConversation {
    const known = this.#open.get(id)
    if (this.#closed.delete(id)) this.#parts.sync.watchPositions()
    if (known) return known
    const opened = new OpenConversation(this.#parts, id)
    this.#open.set(id, opened)
    const state = this.#parts.core.model.conversations.get(id)
    if (state?.membership === 'member') void opened.attach(state)
    return opened
  }

  /** Nobody listens to it any more. */
  close(id: ConversationId): void {
    if (!this.#open.has(id)) return
    this.#closed.add(id)
    this.#parts.sync.watchPositions()
    for (const oldest of this.#closed) {
      if (this.#closed.size <= keptClosed) return
      this.#closed.delete(oldest)
      this.#open.get(oldest)?.close()
      this.#open.delete(oldest)
    }
  }

  /** Those that somebody looks at and whose positions nobody tells unasked. */
  large(): ConversationState[] {
    return [...this.#open.values()].flatMap(({ id, state }) =>
      state?.positions && isLarge(state) && !this.#closed.has(id) ? [state] : [],
    )
  }

  find(id: ConversationId): OpenConversation | undefined {
    return this.#open.get(id)
  }

  isOpen(id: ConversationId): boolean {
    return this.#open.has(id)
  }

  attach(state: ConversationState): void {
    const opened = this.#open.get(state.id)
    if (opened) void opened.attach(state)
  }

  detach(id: ConversationId): void {
    this.#open.get(id)?.detach()
  }

  applied(state: ConversationState, events: readonly StreamEvent[]): void {
    this.#open.get(state.id)?.applied(events)
  }

  connected(): void {
    for (const opened of this.#open.values()) opened.connected()
  }

  /** The ordinal of the newest message up to `sequence`, if the window reaches there. */
  ordinalAt(id: ConversationId, sequence: number): number | null {
    const messages = this.#open.get(id)?.window?.messages ?? []
    const index = indexOfSequence(messages, sequence + 1) - 1
    return messages[index]?.ordinal ?? null
  }
}
