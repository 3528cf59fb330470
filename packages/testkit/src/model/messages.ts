/** Messages, history and events as readers get them: content as it is now (L12), in one moment with the head. */
import type {
  AccountId,
  ConversationId,
  MailId,
  Message,
  MessageId,
  Pin,
  Reaction,
  SavedPlace,
  SessionId,
  StreamEvent,
  StreamId,
} from '@recado/protocol'
import { isoTime } from '@recado/server/clock.ts'
import { markedAsRead } from '@recado/server/store/mail.ts'
import { presentSettings } from '@recado/server/store/settings.ts'
import type {
  HistoryPage,
  HistoryRequest,
  ReaderPage,
  ReaderRequest,
  StreamHeadRow,
} from '@recado/server/store/store.ts'
import { attachmentOf, requireMedia } from './attachments.ts'
import { presentDraftChange } from './drafts.ts'
import { presentMailChange } from './mail.ts'
import { registersOf } from './streams.ts'
import type { EventRow, MessageRow, ReactionRow, View } from './tables.ts'

export function presentHead(view: View, stream: StreamId): StreamHeadRow {
  const head = view.get('heads', stream)
  if (head === undefined) return { sequence: 0, micros: 0, ordinal: 0, registers: 0 }
  const { sequence, micros, ordinal } = head
  return { sequence, micros, ordinal, registers: registersOf(view, stream) }
}

export function presentMessage(view: View, row: MessageRow): Message {
  return {
    conversationId: row.conversationId,
    sequence: row.sequence,
    ordinal: row.ordinal,
    id: row.id,
    authorId: row.authorId,
    clientMessageId: row.key,
    body: row.body,
    replyTo: row.replyTo,
    mentions: [...row.mentions],
    forwardedFrom: row.forwardedFrom,
    version: row.version,
    createdAt: isoTime(row.createdMicros),
    editedAt: row.editedMicros === null ? null : isoTime(row.editedMicros),
    deletedAt: row.deletedMicros === null ? null : isoTime(row.deletedMicros),
    reactions: presentReactions(view, row),
    ...presentAttachments(view, row),
  }
}

function presentAttachments(view: View, { attachments }: MessageRow): Pick<Message, 'attachments'> {
  if (attachments.length === 0) return {}
  return { attachments: attachments.map(id => attachmentOf(requireMedia(view, id))) }
}

/** By when each emoji first came, and within it by when each person left it. */
function presentReactions(view: View, { conversationId, sequence }: MessageRow): Reaction[] {
  const rows = view
    .find('reactions', row => row.conversationId === conversationId && row.sequence === sequence)
    .sort((a, b) => a.micros - b.micros || a.accountId - b.accountId)
  return [...Map.groupBy(rows, row => row.emoji)]
    .sort(([a, [first]], [b, [second]]) => byTime(first, second) || Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([emoji, group]) => ({ emoji, accountIds: group.map(row => row.accountId) }))
}

function byTime(a: ReactionRow | undefined, b: ReactionRow | undefined): number {
  return (a?.micros ?? 0) - (b?.micros ?? 0)
}

export function readHistory(view: View, request: HistoryRequest): HistoryPage {
  const { conversationId, visibleFrom, from, limit } = request
  const visible = view
    .find('messages', row => row.conversationId === conversationId && row.sequence >= visibleFrom)
    .sort((a, b) => a.sequence - b.sequence)
  const [start, end] = cut(visible, from, limit)
  return {
    items: visible.slice(start, end).map(row => presentMessage(view, row)),
    hasOlder: start > 0,
    hasNewer: end < visible.length,
    head: presentHead(view, conversationId),
  }
}

/** Which of these messages the page holds: from where, and up to where. */
function cut(visible: readonly MessageRow[], from: HistoryRequest['from'], limit: number): [number, number] {
  const countBelow = (sequence: number) => visible.filter(row => row.sequence < sequence).length
  if (from === 'newest') return [Math.max(0, visible.length - limit), visible.length]
  if ('before' in from) {
    const end = countBelow(from.before)
    return [Math.max(0, end - limit), end]
  }
  if ('after' in from) {
    const start = countBelow(from.after + 1)
    return [start, Math.min(visible.length, start + limit)]
  }
  const anchor =
    'around' in from ? countBelow(from.around) : visible.filter(row => row.createdMicros < from.aroundMicros).length
  const older = Math.floor(limit / 2)
  return [Math.max(0, anchor - older), Math.min(visible.length, anchor + limit - older)]
}

export function readVersions(view: View, conversationId: ConversationId, sequence: number) {
  const earlier = view.find('versions', row => row.conversationId === conversationId && row.sequence === sequence)
  const versions = earlier.map(({ version, body, micros }) => ({ version, body, micros }))
  const now = view.get('messages', conversationId, sequence)
  if (now !== undefined && now.body !== null) {
    versions.push({ version: now.version, body: now.body, micros: now.editedMicros ?? now.createdMicros })
  }
  return versions.sort((a, b) => a.version - b.version)
}

export function readEvents(view: View, stream: StreamId, after: number, limit: number) {
  const rows = view
    .find('events', row => row.stream === stream && row.sequence > after)
    .sort((a, b) => a.sequence - b.sequence)
    .slice(0, limit)
  return { items: rows.map(row => presentEvent(view, row)), head: presentHead(view, stream) }
}

export function readEventsAsReader(view: View, request: ReaderRequest): ReaderPage {
  const { stream, after, limit, cursor, reader } = request
  return {
    ...readEvents(view, stream, after, limit),
    cursorMicros: view.get('events', stream, cursor)?.micros ?? null,
    visibleFrom: view.get('memberships', stream, reader)?.visibleFrom ?? null,
  }
}

function presentPin(view: View, conversationId: StreamId, sequence: number): Pin | null {
  const row = view.get('pins', conversationId, sequence)
  return row === undefined ? null : { accountId: row.accountId, at: isoTime(row.micros) }
}

function presentSaved(view: View, account: StreamId, messageId: number): SavedPlace | null {
  const row = view.get('saves', account, messageId)
  if (row === undefined) return null
  return { conversationId: row.conversationId, sequence: row.sequence, at: isoTime(row.micros) }
}

function presentEvent(view: View, row: EventRow): StreamEvent {
  const { sequence, micros, actorId, stream } = row
  const base = { sequence, micros, actorId }
  const target = row.target ?? 0
  const conversation = view.get('conversations', stream)
  switch (row.kind) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted': {
      const message = view.get('messages', stream, target)
      if (message === undefined) throw new Error('an event names a message that is not there')
      return { ...base, kind: row.kind, data: { message: presentMessage(view, message) } }
    }
    case 'message.pinned':
    case 'message.unpinned': {
      const message = view.get('messages', stream, target)
      if (message === undefined) throw new Error('an event names a message that is not there')
      return {
        ...base,
        kind: row.kind,
        data: { message: presentMessage(view, message), pin: presentPin(view, stream, target) },
      }
    }
    case 'message.saved':
    case 'message.unsaved':
      return {
        ...base,
        kind: row.kind,
        data: { messageId: target as MessageId, saved: presentSaved(view, stream, target) },
      }
    case 'reaction.changed': {
      const accountId = actorId ?? (0 as AccountId)
      const own = view
        .find('reactions', r => r.conversationId === stream && r.sequence === target && r.accountId === accountId)
        .sort((a, b) => byTime(a, b) || Buffer.compare(Buffer.from(a.emoji), Buffer.from(b.emoji)))
      return { ...base, kind: row.kind, data: { sequence: target, accountId, emojis: own.map(r => r.emoji) } }
    }
    case 'member.added':
    case 'member.removed':
    case 'member.left':
    case 'member.roleChanged': {
      const role = view.get('memberships', stream, target)?.role ?? null
      const memberCount = conversation?.memberCount ?? 0
      return { ...base, kind: row.kind, data: { accountId: target as AccountId, role, memberCount } }
    }
    case 'conversation.created':
    case 'conversation.updated': {
      const { name = null, description = null, mailFrom = 'members', version = 0 } = conversation ?? {}
      return { ...base, kind: row.kind, data: { name, description, mailFrom, version } }
    }
    case 'conversation.joined':
    case 'conversation.left':
      return { ...base, kind: row.kind, data: { conversationId: target as ConversationId } }
    case 'membership.updated': {
      const member = view.get('memberships', target, stream)
      const settings = member && presentSettings(view.get('settings', target, stream) ?? null)
      return { ...base, kind: row.kind, data: { conversationId: target as ConversationId, settings: settings ?? null } }
    }
    case 'mail.composed':
    case 'mail.arrived':
      return { ...base, kind: row.kind, data: presentMailChange(view, stream as AccountId, target as MailId) }
    case 'mailbox.changed': {
      const change = presentMailChange(view, stream as AccountId, target as MailId)
      const marked = row.version === markedAsRead ? { marked: 'read' as const } : {}
      return { ...base, kind: row.kind, data: { ...change, ...marked } }
    }
    case 'draft.changed':
    case 'draft.deleted': {
      const data = presentDraftChange(view, stream as AccountId, target)
      if (data === undefined) return { ...base, actorId: null, kind: 'void', data: {} }
      return row.kind === 'draft.changed'
        ? { ...base, kind: row.kind, data }
        : { ...base, kind: row.kind, data: { draftId: data.draftId } }
    }
    case 'session.created':
    case 'session.ended':
      return { ...base, kind: row.kind, data: { sessionId: target as SessionId } }
    case 'account.created':
      return { ...base, kind: row.kind, data: {} }
    case 'account.updated':
      return { ...base, kind: row.kind, data: { version: row.version ?? 0 } }
  }
}
