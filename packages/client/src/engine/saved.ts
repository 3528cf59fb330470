/**
 * What this account saved, once somebody asked for it: what this device remembers at once, then what the server says,
 * kept by events of the account's own stream. A message that may not be seen any more stays in its place without its
 * content (L8).
 */
import {
  type ConversationId,
  type EventData,
  limits,
  type MessageId,
  type SavedMessage,
  type StreamEvent,
  targetOf,
} from '@recado/protocol'
import type { SavedItem, SavedView } from '../types.ts'
import type { JobOutcome } from './jobs.ts'
import { applyToMessage, findBySequence } from './messages.ts'
import { type Parts, retryAfter } from './parts.ts'
import { groupChanges, markedAfter, withChanges } from './pending-changes.ts'

type SaveChange = EventData['message.saved']
type Finish = (outcome: JobOutcome) => void

/** A list that comes page by page. */
interface Listing {
  readonly next: string | null
  readonly found: Map<MessageId, SavedItem>
  /** Changes that came since it began. */
  readonly recording: SaveChange[]
}

export class Saved {
  readonly #parts: Parts
  #state: SavedView['state'] = 'unknown'
  #items = new Map<MessageId, SavedItem>()
  /** Changes that came while the list is on its way. */
  #recording: SaveChange[] | null = null
  #view: SavedView | null = null
  #loading: Promise<void> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves once something is shown: from this device, or from the server. */
  load(): Promise<void> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  connected(): void {
    this.#recording = null
    if (this.#state !== 'unknown') this.#pull()
  }

  changed(change: SaveChange): void {
    if (this.#state === 'unknown') return
    this.#recording?.push(change)
    this.#apply(this.#items, change)
    this.#show(this.#items)
    this.#store()
  }

  /** An event of a conversation: what is saved of it changes too. */
  applied(conversationId: ConversationId, event: StreamEvent): void {
    const target = this.#items.size > 0 && event.kind !== 'message.created' ? targetOf(event) : null
    if (target === null) return
    for (const item of this.#items.values()) {
      if (item.conversationId !== conversationId || item.sequence !== target || !item.message) continue
      this.#items.set(item.messageId, { ...item, message: applyToMessage(item.message, event) ?? null })
      this.#show(this.#items)
      this.#store()
    }
  }

  /** One came into or went out of this conversation: what may be seen of it is another matter now. */
  membershipChanged(conversationId: ConversationId, to: 'joined' | 'left'): void {
    const concerned = [...this.#items.values()].filter(item => item.conversationId === conversationId)
    if (concerned.length === 0) return
    for (const item of concerned) if (to === 'left') this.#items.set(item.messageId, { ...item, message: null })
    if (to === 'joined') this.#pull()
    this.#show(this.#items)
    this.#store()
  }

  outboxChanged(): void {
    this.#view = null
  }

  has(conversationId: ConversationId, sequence: number): boolean {
    for (const item of this.#items.values()) {
      if (item.conversationId === conversationId && item.sequence === sequence) return true
    }
    return false
  }

  view(): SavedView {
    this.#view ??= { state: this.#state, items: this.#withPending() }
    return this.#view
  }

  /** With what waits to be saved or let go of. */
  #withPending(): SavedItem[] {
    const { core, outbox } = this.#parts
    const items = [...this.#items.values()].sort(byTime)
    for (const conversationId of outbox.items.conversations()) {
      const changes = groupChanges(outbox.items.of(conversationId), new Map())
      for (const [sequence, own] of changes) {
        const index = items.findIndex(item => item.conversationId === conversationId && item.sequence === sequence)
        const known = items[index]
        const kept = markedAfter(own, ['save', 'unsave'], known !== undefined)
        if (known && !kept) items.splice(index, 1)
        else if (known?.message) items[index] = { ...known, message: withChanges(known.message, own, core.model.me) }
        else if (!known && kept) {
          const message = this.#find(conversationId, sequence)
          const at = own.at(-1)?.createdAt
          if (message && at !== undefined)
            items.unshift({ messageId: message.id, conversationId, sequence, at, message })
        }
      }
    }
    return items
  }

  #find(conversationId: ConversationId, sequence: number) {
    return findBySequence(this.#parts.open.find(conversationId)?.window?.messages ?? [], sequence)
  }

  async #load(): Promise<void> {
    const { core } = this.#parts
    this.#state = 'loading'
    const read = core.writer.transact(cache => cache.read(['saves'], transaction => transaction.get('saves', 'saves')))
    const stored = await core.guard(read)
    if (stored && this.#state === 'loading') {
      this.#state = 'partial'
      this.#show(new Map(stored.items.map(item => [item.messageId, item])))
    }
    this.#pull()
  }

  #pull(): void {
    const { core, jobs } = this.#parts
    if (core.online()) jobs.add({ name: 'saved', priority: 0, run: finish => this.#begin(finish) })
  }

  #begin(finish: Finish): void {
    const recording: SaveChange[] = []
    this.#recording = recording
    this.#ask({ next: null, found: new Map(), recording }, finish)
  }

  #ask({ next, found, recording }: Listing, finish: Finish): void {
    const data = { limit: limits.pageSize, ...(next !== null && { next }) }
    this.#parts.core.send('save.list', data, outcome => {
      if (this.#recording !== recording) return
      if (!('result' in outcome)) {
        this.#recording = null
        if ('problem' in outcome) finish(retryAfter(outcome.problem) ?? 'done')
        return
      }
      for (const item of outcome.result.items) found.set(item.messageId, item)
      if (outcome.result.next !== null) {
        this.#ask({ next: outcome.result.next, found, recording }, finish)
        return
      }
      this.#recording = null
      for (const change of recording) this.#apply(found, change)
      this.#state = 'known'
      this.#show(found)
      this.#store()
      finish('done')
    })
  }

  #apply(items: Map<MessageId, SavedItem>, { messageId, saved }: SaveChange): void {
    if (saved === null) {
      items.delete(messageId)
      return
    }
    const message = items.get(messageId)?.message ?? this.#find(saved.conversationId, saved.sequence)
    items.set(messageId, { messageId, ...saved, message })
    if (message === undefined && this.#recording === null) this.#pull()
  }

  #show(items: Map<MessageId, SavedItem>): void {
    this.#items = items
    this.#view = null
    this.#parts.core.changed()
    for (const id of new Set([...items.values()].map(item => item.conversationId))) this.#parts.open.find(id)?.changed()
  }

  #store(): void {
    const items = [...this.#items.values()].filter((item): item is SavedMessage => item.message !== undefined)
    this.#parts.core.writer.add({ kind: 'saves', items })
  }
}

function byTime(a: SavedItem, b: SavedItem): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  return b.messageId - a.messageId
}
