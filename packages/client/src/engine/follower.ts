/**
 * Applies events: strictly in sequence within a stream, each once (L1, L5). What is next is applied, what is older is
 * ignored, what is above a gap waits until the gap was pulled.
 */
import type { ConversationId, EventFrame, StreamEvent } from '@recado/protocol'
import { applyToConversation } from './apply-event.ts'
import { advance, type ConversationState, hasGap, isLarge, record } from './model.ts'
import type { Parts } from './parts.ts'
import { noteReported } from './receipts.ts'

export class Follower {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  receive({ stream, event }: EventFrame): void {
    const { core, conversations, sync } = this.#parts
    if (stream === core.model.me) {
      this.applyOwn([event])
      if (core.model.own && hasGap(core.model.own)) sync.pullOwn()
      return
    }
    const state = core.model.find(stream)
    if (!state || state.membership === 'left') {
      conversations.stray(stream as ConversationId, event.sequence, event)
      return
    }
    this.apply(state, [event])
    if (hasGap(state)) sync.pull(state)
  }

  apply(state: ConversationState, events: readonly StreamEvent[]): void {
    const { core, open } = this.#parts
    const base = state.cursor.sequence
    const wasLarge = isLarge(state)
    const applied: StreamEvent[] = []
    const sent: number[] = []
    advance(state, events, event => {
      applied.push(event)
      sent.push(...this.#applyOne(state, event))
    })
    if (applied.length === 0) return
    core.writer.follow(state, base, applied, sent)
    open.applied(state, applied)
    if (isLarge(state) !== wasLarge) this.#sizeChanged(state)
    core.changed(state.id)
    for (const event of applied) if (event.micros >= state.heardFrom) this.#parts.emit(state.id, event)
  }

  /** From here on positions come unasked, or only to who looks (L11): what moved on the other side of the border is asked for. */
  #sizeChanged(state: ConversationState): void {
    const { open, sync } = this.#parts
    open.find(state.id)?.sizeChanged(state)
    if (!isLarge(state) && state.positionsVersion !== null) sync.registers(state)
  }

  /** Returns the outbox orders that it fulfils. */
  #applyOne(state: ConversationState, event: StreamEvent): number[] {
    const { core, outbox, typing } = this.#parts
    const { me } = core.model
    state.conversation = applyToConversation(state.conversation, event, me)
    record(state, event)
    this.#parts.saved.applied(state.id, event)
    if (event.kind !== 'message.created')
      return event.actorId === me ? outbox.fulfilChange(state.id, event.sequence) : []
    const { message } = event.data
    typing.stopped(state.id, message.authorId)
    if (message.authorId === me) {
      state.counted = Math.max(state.counted, message.sequence)
      noteReported(state, { delivered: message.sequence, read: message.sequence })
    }
    return outbox.fulfil(message, me)
  }

  applyOwn(events: readonly StreamEvent[]): void {
    const { core } = this.#parts
    const { own } = core.model
    if (!own) return
    const applied: StreamEvent[] = []
    advance(own, events, event => applied.push(event))
    if (applied.length === 0) return
    const meta = core.model.meta(null)
    if (meta) core.writer.add({ kind: 'meta', meta })
    for (const event of applied) this.#applyOwnOne(event)
    this.#parts.outbox.fulfilPrivate(own.cursor.sequence)
    this.#parts.mail.part?.appliedUpTo(own.cursor.sequence)
  }

  #applyOwnOne(event: StreamEvent): void {
    const { core, conversations, sync } = this.#parts
    switch (event.kind) {
      case 'conversation.joined':
        conversations.joined(event.data.conversationId, event.micros)
        break
      case 'conversation.left':
        conversations.left(event.data.conversationId)
        break
      case 'membership.updated': {
        const { conversationId, settings } = event.data
        const state = core.model.conversations.get(conversationId)
        if (state?.membership !== 'member') sync.get(conversationId)
        else if (settings) this.#parts.settings.received(state, settings)
        break
      }
      case 'account.updated':
        sync.getAccount()
        break
      case 'session.ended':
        if (event.data.sessionId === core.model.sessionId) this.#parts.sessionEnded()
        break
      case 'message.saved':
      case 'message.unsaved':
        this.#parts.saved.changed(event.data)
        break
      default:
        this.#parts.mail.applied(event)
    }
    this.#parts.emit(core.model.me, event)
  }
}
