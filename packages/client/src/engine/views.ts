/** What the engine knows, as the immutable objects that programs read; what did not change keeps its identity. */
import {
  type AccountId,
  type Conversation,
  isArchived,
  isMarkedUnread,
  isMuted,
  type MemberPosition,
  type Message,
  type OwnSettings,
} from '@recado/protocol'
import type { OutboxEntry } from '../cache/rows.ts'
import type {
  ConversationItem,
  ConversationView,
  MessageState,
  MessageView,
  PendingChange,
  PendingView,
} from '../types.ts'
import { unreadOf } from './apply-event.ts'
import type { ConversationState } from './model.ts'
import { type OutboxItem, type OutboxItems, stateOf } from './outbox-items.ts'
import { type ChangesBySequence, groupChanges, markedAfter, noChanges, withChanges } from './pending-changes.ts'
import type { ConversationWindow } from './window.ts'

export interface ViewSources {
  readonly outbox: OutboxItems
  readonly typing: readonly AccountId[]
  readonly settings: OwnSettings
  readonly nowMs: number
  /** Whose device this is. */
  readonly me: AccountId
}

export function createConversationView(
  state: ConversationState,
  { outbox, typing, settings, nowMs, me: accountId }: ViewSources,
): ConversationView {
  const { waiting, refused } = outbox.count(state.id)
  const { id, membership } = state
  const conversation = withLastChanged(state.conversation, outbox, accountId)
  const me = { ...conversation.me, settings }
  return {
    id,
    conversation,
    membership,
    unread: unreadOf(conversation),
    pinned: settings.pinned,
    muted: isMuted(settings, nowMs) ? settings.muted : null,
    archived: isArchived({ head: conversation.head, me }, nowMs),
    markedUnread: isMarkedUnread(me),
    typing,
    waiting,
    refused,
  }
}

/** Its newest message as it will be once what waits is done to it. */
function withLastChanged(conversation: Conversation, outbox: OutboxItems, me: AccountId): Conversation {
  const last = conversation.lastMessage
  const changes = last ? groupChanges(outbox.of(conversation.id), new Map()).get(last.sequence) : undefined
  return last && changes ? { ...conversation, lastMessage: withChanges(last, changes, me) } : conversation
}

/** What the whole counts as unread: not what is muted or put away; one that was only marked counts as one. */
export function countUnread(views: readonly ConversationView[]): number {
  let count = 0
  for (const { membership, muted, archived, unread, markedUnread } of views) {
    if (membership === 'member' && muted === null && !archived) count += unread > 0 ? unread : Number(markedUnread)
  }
  return count
}

/** Most recent first; what one has joined since its last message, or has none, counts from then. */
export function compareRecency(a: ConversationView, b: ConversationView): number {
  const [first, second] = [activityOf(a), activityOf(b)]
  if (first !== second) return first < second ? 1 : -1
  return b.id - a.id
}

function activityOf({ conversation }: ConversationView): string {
  const { lastMessage, me } = conversation
  return lastMessage && lastMessage.createdAt > me.joinedAt ? lastMessage.createdAt : me.joinedAt
}

/** How far everybody else got, sorted, so that how many reached a message is a search and no count. */
export class Reach {
  readonly others: number
  readonly #delivered: readonly number[]
  readonly #read: readonly number[]

  constructor(positions: Iterable<MemberPosition>, me: AccountId, memberCount: number) {
    const rest = [...positions].filter(position => position.accountId !== me)
    this.others = Math.max(memberCount - 1, 0)
    this.#delivered = rest.map(({ delivered, read }) => Math.max(delivered, read)).sort((a, b) => a - b)
    this.#read = rest.map(position => position.read).sort((a, b) => a - b)
  }

  delivered(sequence: number): number {
    return atLeast(this.#delivered, sequence)
  }

  read(sequence: number): number {
    return atLeast(this.#read, sequence)
  }
}

function atLeast(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return sorted.length - low
}

interface Changed {
  readonly message: Message
  readonly changes: readonly PendingChange[]
  readonly result: Message
}

export interface ItemSources {
  readonly me: AccountId
  readonly changes: ChangesBySequence
  readonly isPinned: (sequence: number) => boolean
  readonly isSaved: (sequence: number) => boolean
  readonly window: ConversationWindow
  readonly reach: Reach
  readonly outbox: Iterable<OutboxItem>
}

/** Views of one conversation's items, remembered while their message and its state stay the same. */
export class ItemViews {
  #messages = new Map<number, MessageView>()
  #pending = new Map<string, PendingView>()
  /** Messages with what waits to be done to them. */
  #changed = new Map<number, Changed>()

  build({ outbox, ...sources }: ItemSources): ConversationItem[] {
    const { window } = sources
    const changed = new Map<number, Changed>()
    const messages = new Map<number, MessageView>()
    const items: ConversationItem[] = window.messages.map(message => {
      const fresh = createMessageView(this.#withChanges(message, sources, changed), sources)
      const known = this.#messages.get(message.sequence)
      const view = known && sameFields(known, fresh) ? known : fresh
      messages.set(message.sequence, view)
      return view
    })
    this.#messages = messages
    this.#changed = changed
    if (!window.hasNewer) items.push(...this.#buildPending(outbox, window))
    return items
  }

  #withChanges(message: Message, { changes, me }: Omit<ItemSources, 'outbox'>, all: Map<number, Changed>): Message {
    const own = changes.get(message.sequence)
    if (!own) return message
    const before = this.#changed.get(message.sequence)
    const isSame = before?.message === message && before.changes === own
    const changed = isSame ? before : { message, changes: own, result: withChanges(message, own, me) }
    all.set(message.sequence, changed)
    return changed.result
  }

  /** Of a conversation that cannot be shown: what could not be sent there. */
  pendingOnly(outbox: Iterable<OutboxItem>): PendingView[] {
    return this.#buildPending(outbox, null)
  }

  #buildPending(outbox: Iterable<OutboxItem>, window: ConversationWindow | null): PendingView[] {
    const pending = new Map<string, PendingView>()
    for (const item of outbox) {
      const fresh = createPendingView(item, window)
      if (!fresh) continue
      const known = this.#pending.get(fresh.entryId)
      pending.set(fresh.entryId, known && sameFields(known, fresh) ? known : fresh)
    }
    this.#pending = pending
    return [...pending.values()]
  }
}

function createMessageView(message: Message, sources: Omit<ItemSources, 'outbox'>): MessageView {
  const { me, window, reach, changes, isPinned, isSaved } = sources
  const pending = changes.get(message.sequence) ?? noChanges
  const own = message.authorId === me
  const deliveredCount = own ? reach.delivered(message.sequence) : 0
  const readCount = own ? reach.read(message.sequence) : 0
  return {
    type: 'message',
    key: own ? message.clientMessageId : String(message.sequence),
    message,
    own,
    state: own ? stateFor(reach.others, deliveredCount, readCount) : null,
    deliveredCount,
    readCount,
    quoted: quotedBy(message.replyTo, window),
    pinned: markedAfter(pending, ['pin', 'unpin'], isPinned(message.sequence)),
    saved: markedAfter(pending, ['save', 'unsave'], isSaved(message.sequence)),
    changes: pending,
  }
}

function stateFor(others: number, deliveredCount: number, readCount: number): MessageState {
  if (others === 0) return 'sent'
  if (readCount >= others) return 'read'
  return deliveredCount >= others ? 'delivered' : 'sent'
}

/** Null for what shows at its message. Where no message is shown any more an edit is kept for its text. */
function createPendingView(item: OutboxItem, window: ConversationWindow | null): PendingView | null {
  const { row } = item
  const said = saidIn(row, window === null ? 'edits-too' : 'no-edits')
  if (!said) return null
  return {
    type: 'pending',
    key: row.clientMessageId,
    entryId: row.id,
    conversationId: row.conversationId,
    ...said,
    createdAt: row.createdAt,
    state: stateOf(item),
    problem: row.refused,
    quoted: quotedBy(said.replyTo, window),
    files: ('files' in row && row.files) || noFiles,
    uploaded: item.uploaded ?? 0,
  }
}

const noFiles: PendingView['files'] = []

type Said = Pick<PendingView, 'body' | 'replyTo' | 'mentions' | 'forwardedFrom'>

function saidIn(row: OutboxEntry, which: 'edits-too' | 'no-edits'): Said | null {
  if (row.kind === 'mail') return null
  if (row.kind === 'forward') {
    return { body: row.body, replyTo: null, mentions: nobody, forwardedFrom: row.forwardedFrom }
  }
  if (row.kind !== 'change') {
    return { body: row.body, replyTo: row.replyTo, mentions: row.mentions, forwardedFrom: null }
  }
  const { change } = row
  if (which === 'no-edits' || change.kind !== 'edit') return null
  return { body: change.body, replyTo: null, mentions: change.mentions, forwardedFrom: null }
}

const nobody: readonly AccountId[] = []

function quotedBy(replyTo: number | null, window: ConversationWindow | null): Message | null | undefined {
  if (replyTo === null || !window) return null
  return window.find(replyTo) ?? window.quotes.get(replyTo)
}

function sameFields<View extends object>(a: View, b: View): boolean {
  const keys = Object.keys(a) as (keyof View)[]
  return keys.every(key => a[key] === b[key])
}
