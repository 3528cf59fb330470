/**
 * The pinned messages of an opened conversation: what this device remembers at once, then what the server says, kept by
 * events from there. Those that arrive while the list is on its way are applied to it as well; an event tells its pin as
 * of now, so the last one about a message is right whichever came first.
 */
import {
  type ConversationId,
  limits,
  type Message,
  type PinnedMessage,
  type StreamEvent,
  targetOf,
} from '@recado/protocol'
import type { PinView } from '../types.ts'
import type { JobOutcome } from './jobs.ts'
import { applyToMessage } from './messages.ts'
import { type Parts, retryAfter } from './parts.ts'
import { type ChangesBySequence, markedAfter, noChanges, withChanges } from './pending-changes.ts'

export class Pins {
  readonly #parts: Parts
  readonly #id: ConversationId
  #list: readonly PinnedMessage[] | null = null
  #recording: StreamEvent[] | null = null
  #views: readonly PinView[] = []

  constructor(parts: Parts, id: ConversationId) {
    this.#parts = parts
    this.#id = id
  }

  has(sequence: number): boolean {
    return this.#list?.some(({ message }) => message.sequence === sequence) ?? false
  }

  async open(): Promise<void> {
    const { core } = this.#parts
    if (this.#list === null) {
      const read = core.writer.transact(cache => cache.read(['pins'], t => t.get('pins', this.#id)))
      const stored = await core.guard(read)
      if (this.#list === null && stored) this.#show(stored.items)
    }
    this.pull()
  }

  pull(): void {
    const { core, jobs } = this.#parts
    if (!core.online() || this.#recording) return
    jobs.add({ name: `pins:${this.#id}`, priority: this.#id, run: finish => this.#ask(finish) })
  }

  #ask(finish: (outcome: JobOutcome) => void): void {
    const recording: StreamEvent[] = []
    this.#recording = recording
    const data = { conversationId: this.#id, limit: limits.pageSize }
    this.#parts.core.send('pin.list', data, outcome => {
      this.#recording = null
      if ('problem' in outcome) finish(retryAfter(outcome.problem) ?? 'done')
      if (!('result' in outcome)) return
      let list: readonly PinnedMessage[] = outcome.result.items
      for (const event of recording) list = applyToPins(list, event)
      this.#show(list)
      this.#store()
      finish('done')
    })
  }

  disconnected(): void {
    this.#recording = null
  }

  apply(event: StreamEvent): void {
    this.#recording?.push(event)
    if (this.#list === null) return
    const next = applyToPins(this.#list, event)
    if (next === this.#list) return
    this.#show(next)
    this.#store()
  }

  /** With what waits to be done; `find` finds a message that is about to be pinned. */
  views(changes: ChangesBySequence, find: (sequence: number) => Message | undefined): readonly PinView[] | null {
    if (this.#list === null) return null
    const { me } = this.#parts.core.model
    const views: PinView[] = []
    for (const [sequence, own] of changes) {
      const message = !this.has(sequence) && markedAfter(own, ['pin', 'unpin'], false) ? find(sequence) : undefined
      if (message) views.unshift({ message: withChanges(message, own, me), pin: null })
    }
    for (const { message, pin } of this.#list) {
      const own = changes.get(message.sequence) ?? noChanges
      if (markedAfter(own, ['pin', 'unpin'], true)) views.push({ message: withChanges(message, own, me), pin })
    }
    const same = views.length === this.#views.length && views.every((view, index) => isSame(view, this.#views[index]))
    if (!same) this.#views = views
    return this.#views
  }

  #show(list: readonly PinnedMessage[]): void {
    this.#list = list
    this.#parts.core.changed(this.#id)
  }

  #store(): void {
    if (this.#list) this.#parts.core.writer.add({ kind: 'pins', conversationId: this.#id, items: this.#list })
  }
}

function isSame(view: PinView, other: PinView | undefined): boolean {
  return view.message === other?.message && view.pin === other.pin
}

/** The same list if the event changes nothing of it. */
function applyToPins(list: readonly PinnedMessage[], event: StreamEvent): readonly PinnedMessage[] {
  if (event.kind === 'message.pinned' || event.kind === 'message.unpinned') {
    const { message, pin } = event.data
    const others = list.filter(item => item.message.sequence !== message.sequence)
    if (pin === null) return others.length === list.length ? list : others
    return [...others, { message, pin }].sort(byPin)
  }
  if (event.kind === 'message.deleted') {
    const { sequence } = event.data.message
    const others = list.filter(item => item.message.sequence !== sequence)
    return others.length === list.length ? list : others
  }
  let changed = false
  const next = list.map(item => {
    const message = applyToTarget(item.message, event)
    if (message === item.message) return item
    changed = true
    return { ...item, message }
  })
  return changed ? next : list
}

function applyToTarget(message: Message, event: StreamEvent): Message {
  return targetOf(event) === message.sequence ? (applyToMessage(message, event) ?? message) : message
}

function byPin(a: PinnedMessage, b: PinnedMessage): number {
  if (a.pin.at !== b.pin.at) return a.pin.at < b.pin.at ? 1 : -1
  return b.message.sequence - a.message.sequence
}
