/**
 * What the events of a page point at beyond the page (people, older messages, settings), read by whole pages and never
 * event by event, and the events themselves as clients get them. New messages are not among them: those need nothing else.
 */
import type {
  AccountId,
  ConversationId,
  MailHeader,
  MailId,
  Message,
  MessageId,
  Pin,
  Role,
  SavedPlace,
  SessionId,
  StreamEvent,
  StreamId,
  UnreadMails,
} from '@recado/protocol'
import type { Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import { markedAsRead } from '../mail.ts'
import { presentSettings, type SettingsRow } from '../settings.ts'
import type { ConversationRow, EventKindStored } from '../store.ts'
import { readDraftsOfEvents } from './drafts.ts'
import { readHeaders, readUnread } from './mail-views.ts'
import { readMessages } from './messages.ts'
import { readSettings } from './settings.ts'

/** New messages are the events of their own creation, and are not stored a second time. */
type OtherKind = Exclude<EventKindStored, 'message.created'>

/** sequence, micros, kind, actor, target, version */
export type EventRow = [number, number, OtherKind, AccountId | null, number | null, number | null]

export interface StoredRow {
  readonly sequence: number
  readonly micros: number
  readonly kind: OtherKind
  readonly actorId: AccountId | null
  readonly target: number
  readonly version: number | null
}

/** What the events of a page point at. Empty where no event needs it. */
export interface Content {
  readonly messages: ReadonlyMap<number, Message>
  readonly roles: ReadonlyMap<number, Role>
  readonly emojis: ReadonlyMap<string, readonly string[]>
  readonly conversation: ConversationContent | null
  readonly settings: ReadonlyMap<number, SettingsRow>
  readonly pins: ReadonlyMap<number, Pin>
  readonly saves: ReadonlyMap<number, SavedPlace>
  readonly mails: ReadonlyMap<number, MailHeader>
  readonly unread: UnreadMails | null
  readonly drafts: Awaited<ReturnType<typeof readDraftsOfEvents>>
}

type ConversationContent = Pick<ConversationRow, 'name' | 'description' | 'mailFrom' | 'version' | 'memberCount'>

export function parseRow([sequence, micros, kind, actorId, target, version]: EventRow): StoredRow {
  return { sequence, micros, kind, actorId, target: target ?? 0, version }
}

/** What the page's events point at and the page itself does not hold. */
interface Wanted {
  readonly messages: readonly number[]
  readonly members: readonly number[]
  readonly reactions: readonly StoredRow[]
  readonly pins: readonly number[]
  readonly saves: readonly number[]
  readonly conversation: 'wanted' | 'not-wanted'
  /** Conversations whose settings are wanted: the stream is an account's own. */
  readonly settings: readonly number[]
  readonly mails: readonly number[]
  readonly drafts: readonly number[]
}

function wantedContent(events: readonly StoredRow[], held: ReadonlyMap<number, Message>): Wanted {
  const messages = new Set<number>()
  const members = new Set<number>()
  const settings = new Set<number>()
  const pins = new Set<number>()
  const saves = new Set<number>()
  const mails = new Set<number>()
  const drafts = new Set<number>()
  for (const { kind, target } of events) {
    if (kind === 'message.saved' || kind === 'message.unsaved') saves.add(target)
    else if (kind.startsWith('message.') && !held.has(target)) messages.add(target)
    else if (kind.startsWith('member.')) members.add(target)
    else if (kind === 'membership.updated') settings.add(target)
    else if (kind.startsWith('mail')) mails.add(target)
    else if (kind.startsWith('draft.')) drafts.add(target)
    if (kind === 'message.pinned' || kind === 'message.unpinned') pins.add(target)
  }
  const aboutConversation = events.some(({ kind }) => kind.startsWith('member.') || kind.startsWith('conversation.'))
  return {
    messages: [...messages],
    members: [...members],
    reactions: events.filter(event => event.kind === 'reaction.changed'),
    pins: [...pins],
    saves: [...saves],
    conversation: aboutConversation ? 'wanted' : 'not-wanted',
    settings: [...settings],
    mails: [...mails],
    drafts: [...drafts],
  }
}

interface ContentRequest {
  readonly stream: StreamId
  readonly events: readonly StoredRow[]
  /** Those of the page itself. */
  readonly held: ReadonlyMap<number, Message>
}

export async function readContent(pool: Pool, { stream, events, held }: ContentRequest): Promise<Content> {
  const wanted = wantedContent(events, held)
  const [found, roles, emojis, pins, saves, conversation, settings, mails, unread, drafts] = await Promise.all([
    wanted.messages.length === 0 ? [] : readMessages(pool, stream as ConversationId, wanted.messages),
    wanted.members.length === 0 ? new Map<number, Role>() : readRoles(pool, stream, wanted.members),
    wanted.reactions.length === 0 ? new Map<string, string[]>() : readEmojis(pool, stream, wanted.reactions),
    wanted.pins.length === 0 ? new Map<number, Pin>() : readPins(pool, stream, wanted.pins),
    wanted.saves.length === 0 ? new Map<number, SavedPlace>() : readSaves(pool, stream, wanted.saves),
    wanted.conversation === 'wanted' ? readConversation(pool, stream) : null,
    wanted.settings.length === 0 ? noSettingsRead : readSettings(pool, stream as AccountId, wanted.settings),
    wanted.mails.length === 0 ? new Map<number, MailHeader>() : readHeaders(pool, stream as AccountId, wanted.mails),
    wanted.mails.length === 0 ? null : readUnread(pool, stream as AccountId),
    wanted.drafts.length === 0 ? noDraftsRead : readDraftsOfEvents(pool, stream as AccountId, wanted.drafts),
  ])
  const messages = new Map(held)
  for (const message of found) messages.set(message.sequence, message)
  return { messages, roles, emojis, pins, saves, conversation, settings, mails, unread, drafts }
}

const noSettingsRead: ReadonlyMap<number, SettingsRow> = new Map()
const noDraftsRead: Content['drafts'] = new Map()

async function readRoles(pool: Pool, stream: StreamId, accounts: readonly number[]): Promise<Map<number, Role>> {
  const { rows } = await pool.query<{ id: number; role: Role }>(
    'select account_id as id, role from memberships where conversation_id = $1 and account_id = any($2)',
    [stream, accounts],
  )
  return new Map(rows.map(({ id, role }) => [id, role]))
}

async function readEmojis(pool: Pool, stream: StreamId, events: readonly StoredRow[]): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ sequence: number; account: number; emojis: string[] }>(
    `select x.sequence, x.account_id as account, array_agg(x.emoji order by x.micros, x.emoji) as emojis
       from reactions x where x.conversation_id = $1 and x.sequence = any($2) and x.account_id = any($3)
      group by x.sequence, x.account_id`,
    [stream, [...new Set(events.map(event => event.target))], [...new Set(events.map(event => event.actorId))]],
  )
  return new Map(rows.map(({ sequence, account, emojis }) => [`${sequence} ${account}`, emojis]))
}

async function readPins(pool: Pool, stream: StreamId, sequences: readonly number[]): Promise<Map<number, Pin>> {
  const { rows } = await pool.query<{ sequence: number; accountId: AccountId; micros: number }>(
    'select sequence, account_id as "accountId", micros from pins where conversation_id = $1 and sequence = any($2)',
    [stream, sequences],
  )
  return new Map(rows.map(({ sequence, accountId, micros }) => [sequence, { accountId, at: isoTime(micros) }]))
}

async function readSaves(pool: Pool, stream: StreamId, messages: readonly number[]): Promise<Map<number, SavedPlace>> {
  const { rows } = await pool.query<{ id: number; conversationId: ConversationId; sequence: number; micros: number }>(
    `select message_id as id, conversation_id as "conversationId", sequence, micros
       from saves where account_id = $1 and message_id = any($2)`,
    [stream, messages],
  )
  return new Map(
    rows.map(({ id, conversationId, sequence, micros }) => [id, { conversationId, sequence, at: isoTime(micros) }]),
  )
}

async function readConversation(pool: Pool, stream: StreamId): Promise<Content['conversation']> {
  const { rows } = await pool.query<ConversationContent>(
    'select name, description, mail_from as "mailFrom", version, member_count as "memberCount" from conversations where id = $1',
    [stream],
  )
  return rows[0] ?? null
}

export function presentEvent(event: StoredRow, content: Content): StreamEvent {
  const { sequence, micros, actorId, kind, target } = event
  const base = { sequence, micros, actorId }
  switch (kind) {
    case 'message.edited':
    case 'message.deleted':
      return { ...base, kind, data: { message: requireMessage(content, target) } }
    case 'message.pinned':
    case 'message.unpinned':
      return {
        ...base,
        kind,
        data: { message: requireMessage(content, target), pin: content.pins.get(target) ?? null },
      }
    case 'message.saved':
    case 'message.unsaved':
      return { ...base, kind, data: { messageId: target as MessageId, saved: content.saves.get(target) ?? null } }
    case 'reaction.changed': {
      const emojis = content.emojis.get(`${target} ${actorId}`) ?? []
      return { ...base, kind, data: { sequence: target, accountId: actorId ?? (0 as AccountId), emojis: [...emojis] } }
    }
    case 'member.added':
    case 'member.removed':
    case 'member.left':
    case 'member.roleChanged': {
      const memberCount = content.conversation?.memberCount ?? 0
      return {
        ...base,
        kind,
        data: { accountId: target as AccountId, role: content.roles.get(target) ?? null, memberCount },
      }
    }
    case 'conversation.created':
    case 'conversation.updated': {
      const { name = null, description = null, mailFrom = 'members', version = 0 } = content.conversation ?? {}
      return { ...base, kind, data: { name, description, mailFrom, version } }
    }
    case 'conversation.joined':
    case 'conversation.left':
      return { ...base, kind, data: { conversationId: target as ConversationId } }
    case 'membership.updated': {
      const settings = content.settings.get(target)
      const data = { conversationId: target as ConversationId, settings: settings ? presentSettings(settings) : null }
      return { ...base, kind, data }
    }
    case 'mail.composed':
    case 'mail.arrived':
      return { ...base, kind, data: requireMail(content, target) }
    case 'mailbox.changed': {
      const marked = event.version === markedAsRead ? { marked: 'read' as const } : {}
      return { ...base, kind, data: { ...requireMail(content, target), ...marked } }
    }
    case 'draft.changed':
    case 'draft.deleted': {
      const draft = content.drafts.get(target)
      // Devices list their drafts on each connection, so that nobody needs it any more.
      if (draft === undefined) return { ...base, actorId: null, kind: 'void', data: {} }
      return kind === 'draft.changed'
        ? { ...base, kind, data: draft }
        : { ...base, kind, data: { draftId: draft.draftId } }
    }
    case 'session.created':
    case 'session.ended':
      return { ...base, kind, data: { sessionId: target as SessionId } }
    case 'account.created':
      return { ...base, kind, data: {} }
    case 'account.updated':
      return { ...base, kind, data: { version: event.version ?? 0 } }
  }
}

function requireMessage({ messages }: Content, sequence: number): Message {
  const message = messages.get(sequence)
  if (message === undefined) throw new Error('an event points at a message that is not there')
  return message
}

function requireMail({ mails, unread }: Content, id: number) {
  const mail = mails.get(id)
  if (mail === undefined || unread === null) throw new Error('an event points at a mail that is not in the mailbox')
  return { mailId: id as MailId, mail, unread }
}
