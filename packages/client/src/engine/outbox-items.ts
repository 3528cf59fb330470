/** The messages on their way, in memory: in the order of sending, over all and by conversation. */
import type { ConversationId } from '@recado/protocol'
import type { OutboxEntry, QueuedChange } from '../cache/rows.ts'
import type { PendingState } from '../types.ts'

export interface OutboxItem {
  row: OutboxEntry
  /** `sent`: acknowledged; its message is on its way here. */
  phase: 'waiting' | 'sending' | 'sent'
  /** Of the message it became, once acknowledged. */
  sequence: number | null
  /** Whether this engine handed it to a socket. */
  handed: 'never' | 'before'
  /** Of its files: ends the upload that is under way; they are all there; how many bytes of them are. */
  upload?: AbortController | 'there' | undefined
  uploaded?: number
}

/** Whether its files still have to be uploaded: till then it is not tried, and can be taken back. */
export function hasToUpload({ row, upload }: OutboxItem): boolean {
  return 'files' in row && upload !== 'there'
}

export function stateOf(item: OutboxItem): PendingState {
  return item.row.refused ? 'refused' : item.phase
}

export function isChange(item: OutboxItem): item is OutboxItem & { readonly row: QueuedChange } {
  return item.row.kind === 'change'
}

interface ByOrder {
  rows: Map<number, OutboxItem>
  last: number
  refused: number
}

export interface OutboxCounts {
  readonly waiting: number
  readonly refused: number
}

export class OutboxItems {
  readonly #changed: (conversationId: ConversationId) => void
  readonly #all: ByOrder = { rows: new Map(), last: 0, refused: 0 }
  readonly #byConversation = new Map<ConversationId, ByOrder>()
  readonly #byKey = new Map<string, OutboxItem>()

  constructor(changed: (conversationId: ConversationId) => void) {
    this.#changed = changed
  }

  get size(): number {
    return this.#all.rows.size
  }

  has(item: OutboxItem): boolean {
    return this.#all.rows.get(item.row.order) === item
  }

  hasOrder(order: number): boolean {
    return this.#all.rows.has(order)
  }

  all(): Iterable<OutboxItem> {
    return this.#all.rows.values()
  }

  find(entryId: string): OutboxItem | undefined {
    for (const item of this.#all.rows.values()) if (item.row.id === entryId) return item
    return undefined
  }

  /** What is done to messages of this conversation, in order. */
  *changesOf(conversationId: ConversationId): Iterable<OutboxItem & { readonly row: QueuedChange }> {
    for (const item of this.of(conversationId)) if (isChange(item)) yield item
  }

  /** What is said there, in order. */
  *messagesOf(conversationId: ConversationId): Iterable<OutboxItem> {
    for (const item of this.of(conversationId)) if (!isChange(item)) yield item
  }

  /** The one that the server knows by this key. */
  findByKey(conversationId: ConversationId, clientMessageId: string): OutboxItem | undefined {
    const item = this.#byKey.get(clientMessageId)
    return item?.row.conversationId === conversationId ? item : undefined
  }

  /** Of one conversation, or of all. */
  count(conversationId?: ConversationId): OutboxCounts {
    const items = conversationId === undefined ? this.#all : this.#byConversation.get(conversationId)
    return { waiting: (items?.rows.size ?? 0) - (items?.refused ?? 0), refused: items?.refused ?? 0 }
  }

  of(conversationId: ConversationId): Iterable<OutboxItem> {
    return this.#byConversation.get(conversationId)?.rows.values() ?? []
  }

  conversations(): ConversationId[] {
    return [...this.#byConversation.keys()]
  }

  insert(row: OutboxEntry): void {
    const item: OutboxItem = { row, phase: 'waiting', sequence: null, handed: 'never' }
    place(this.#all, item)
    const list = this.#byConversation.get(row.conversationId) ?? { rows: new Map(), last: 0, refused: 0 }
    place(list, item)
    this.#byConversation.set(row.conversationId, list)
    this.#byKey.set(row.clientMessageId, item)
    if (row.refused) this.#countRefused(row.conversationId, 1)
    this.#changed(row.conversationId)
  }

  update(item: OutboxItem, change: Partial<OutboxItem>): void {
    const before = item.row.refused ? 1 : 0
    Object.assign(item, change)
    this.#countRefused(item.row.conversationId, (item.row.refused ? 1 : 0) - before)
    this.#changed(item.row.conversationId)
  }

  remove(item: OutboxItem): void {
    const { conversationId, order, clientMessageId, refused } = item.row
    if (!this.#all.rows.delete(order)) return
    if (refused) this.#countRefused(conversationId, -1)
    this.#byKey.delete(clientMessageId)
    const list = this.#byConversation.get(conversationId)
    list?.rows.delete(order)
    if (list?.rows.size === 0) this.#byConversation.delete(conversationId)
    this.#changed(conversationId)
  }

  #countRefused(conversationId: ConversationId, change: number): void {
    this.#all.refused += change
    const list = this.#byConversation.get(conversationId)
    if (list) list.refused += change
  }
}

/** Almost always the last; one that another tab queued earlier is put in its place. */
function place(items: ByOrder, item: OutboxItem): void {
  const { order } = item.row
  if (order > items.last) {
    items.last = order
    items.rows.set(order, item)
  } else {
    items.rows = new Map([...items.rows, [order, item] as const].sort(([a], [b]) => a - b))
  }
}
