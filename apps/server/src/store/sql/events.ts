/**
 * Reading a stream: a page of events with the content of what they point at, as it is now (L12). Most events are new
 * messages, and each of those is the event of its own creation; `events` holds the others.
 *
 * One statement gives the page, its head, the time of the cursor's own event and the reader's membership, all of one
 * moment. What its other events point at beyond the page (people, older messages) is read after it, by whole pages and
 * never event by event, so a page costs a bounded number of statements whatever it holds; it may be newer than the
 * events, which harms nobody, since clients keep the highest version; it is never older. A page that needed it looks at
 * the membership again, so that nothing is shown that was written after the reader was removed (L8).
 */
import type {
  AccountId,
  ConversationId,
  Message,
  MessageId,
  Pin,
  Reaction,
  Role,
  SavedPlace,
  SessionId,
  StreamEvent,
  StreamId,
} from '@recado/protocol'
import type { Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import { presentSettings, type SettingsRow } from '../settings.ts'
import type {
  ConversationRow,
  EventKindStored,
  EventsPage,
  ReaderPage,
  ReaderRequest,
  StreamHeadRow,
} from '../store.ts'
import { findMembership } from './conversations.ts'
import { type MessageRow, messageRow, parseMessageRow, type ReadMessage, readMessages } from './messages.ts'
import { readSettings } from './settings.ts'

/** sequence, micros, kind, actor, target, version */
type EventRow = [number, number, EventKindStored, AccountId | null, number | null, number | null]

interface StoredRow {
  readonly sequence: number
  readonly micros: number
  readonly kind: EventKindStored
  readonly actorId: AccountId | null
  readonly target: number
  readonly version: number | null
}

/** What the events of a page point at. Empty where no event needs it. */
interface Content {
  readonly messages: ReadonlyMap<number, Message>
  readonly roles: ReadonlyMap<number, Role>
  readonly emojis: ReadonlyMap<string, readonly string[]>
  readonly conversation: ConversationContent | null
  readonly settings: ReadonlyMap<number, SettingsRow>
  readonly pins: ReadonlyMap<number, Pin>
  readonly saves: ReadonlyMap<number, SavedPlace>
}

type ConversationContent = Pick<ConversationRow, 'name' | 'description' | 'version' | 'memberCount'>

/** What a page holds besides new messages. */
interface Frame {
  /** sequence, micros, ordinal, registers */
  readonly head: [number, number, number, number] | null
  readonly cursor: number | null
  readonly visible: number | null
  readonly events: readonly EventRow[] | null
  /** Message, emoji and who left it, in the order in which they are shown. */
  readonly reactions: readonly [number, string, AccountId[]][] | null
}

const noHead: StreamHeadRow = { sequence: 0, micros: 0, ordinal: 0, registers: 0 }

/** The frame stands in the last column of a row whose first is null; every other row is a message. */
const pageText = `
  select null, null, json_build_object(
    'head', (select json_build_array(h.sequence, h.micros, h.ordinal, r.version)
               from heads h join register_heads r on r.group_id = h.stream_id where h.stream_id = $1),
    'cursor', (select c.micros from stream_events c where c.stream_id = $1 and c.sequence = $4),
    'visible', (select m.visible_from from memberships m where m.conversation_id = $1 and m.account_id = $5),
    'events', (select json_agg(json_build_array(e.sequence, e.micros, e.kind, e.actor_id, e.target, e.version)) from events e
                where e.stream_id = $1 and e.sequence > $2 and e.sequence <= $3),
    'reactions', (select json_agg(json_build_array(x.sequence, x.emoji, x.accounts) order by x.sequence, x.first, x.emoji)
                    from (select sequence, emoji, min(micros) as first, json_agg(account_id order by micros, account_id) as accounts
                            from reactions where conversation_id = $1 and sequence > $2 and sequence <= $3
                           group by sequence, emoji) x))::text
  union all
  select ${messageRow} from messages m where m.conversation_id = $1 and m.sequence > $2 and m.sequence <= $3`

type PageRow = MessageRow | [null, null, string]

export async function readEvents(pool: Pool, stream: StreamId, after: number, limit: number): Promise<EventsPage> {
  const { page } = await readPage(pool, { stream, after, limit, cursor: after, reader: null })
  return page
}

export async function readEventsAsReader(pool: Pool, request: ReaderRequest): Promise<ReaderPage> {
  const { page, frame, snapshot } = await readPage(pool, request)
  const { stream, reader } = request
  const visibleFrom = snapshot === 'one' ? frame.visible : await visibleNow(pool, stream as ConversationId, reader)
  return { ...page, cursorMicros: frame.cursor, visibleFrom }
}

async function visibleNow(pool: Pool, stream: ConversationId, reader: AccountId): Promise<number | null> {
  return (await findMembership(pool, stream, reader))?.visibleFrom ?? null
}

interface PageRequest extends Omit<ReaderRequest, 'reader'> {
  readonly reader: AccountId | null
}

interface Page {
  readonly page: EventsPage
  readonly frame: Frame
  /** Whether all of it is of one moment. */
  readonly snapshot: 'one' | 'several'
}

async function readPage(pool: Pool, { stream, after, limit, cursor, reader }: PageRequest): Promise<Page> {
  const { rows } = await pool.query<PageRow>({
    name: 'read_page',
    text: pageText,
    rowMode: 'array',
    // Sequences are dense, so the page's range is known before its events are.
    values: [stream, after, after + limit, cursor, reader],
  })
  const { frame, nearby } = parsePage(stream as ConversationId, rows)
  const events = orderEvents({ after, limit }, frame.events ?? [], nearby)
  const messages = new Map<number, Message>()
  for (const { message } of nearby.values()) messages.set(message.sequence, message)
  const wanted = wantedContent(events, messages)
  const content = await readContent(pool, { stream, wanted, messages })
  const head = frame.head === null ? noHead : presentHead(frame.head)
  return {
    page: { items: events.map(event => presentEvent(event, content)), head },
    frame,
    snapshot: wanted === nothingWanted ? 'one' : 'several',
  }
}

function parsePage(conversationId: ConversationId, rows: readonly PageRow[]) {
  let frame: Frame | null = null
  const plain: MessageRow[] = []
  for (const row of rows) {
    if (row[0] === null) frame = JSON.parse(row[2])
    else plain.push(row)
  }
  if (frame === null) throw new Error('a page came without its frame')
  const reactions = groupReactions(frame.reactions ?? [])
  const nearby = new Map<number, ReadMessage>()
  for (const row of plain) {
    const read = parseMessageRow(conversationId, row, sequence => reactions.get(sequence))
    nearby.set(read.message.sequence, read)
  }
  return { frame, nearby }
}

function groupReactions(rows: NonNullable<Frame['reactions']>): ReadonlyMap<number, Reaction[]> {
  const grouped = new Map<number, Reaction[]>()
  for (const [sequence, emoji, accountIds] of rows) {
    const list = grouped.get(sequence)
    if (list === undefined) grouped.set(sequence, [{ emoji, accountIds }])
    else list.push({ emoji, accountIds })
  }
  return grouped
}

/** In sequence, up to the first that is not there. */
function orderEvents(
  { after, limit }: { readonly after: number; readonly limit: number },
  rows: readonly EventRow[],
  nearby: ReadonlyMap<number, ReadMessage>,
): StoredRow[] {
  const others = new Map(rows.map(row => [row[0], row]))
  const events: StoredRow[] = []
  for (let sequence = after + 1; sequence <= after + limit; sequence++) {
    const other = others.get(sequence)
    const created = nearby.get(sequence)
    if (other !== undefined) events.push(parseRow(other))
    else if (created !== undefined) events.push(createdRow(created))
    else break
  }
  return events
}

/** The event of a message's creation, from the message. */
function createdRow({ message, createdMicros }: ReadMessage): StoredRow {
  const { sequence, authorId } = message
  return { sequence, micros: createdMicros, kind: 'message.created', actorId: authorId, target: sequence, version: 1 }
}

function parseRow([sequence, micros, kind, actorId, target, version]: EventRow): StoredRow {
  return { sequence, micros, kind, actorId, target: target ?? 0, version }
}

function presentHead([sequence, micros, ordinal, registers]: NonNullable<Frame['head']>): StreamHeadRow {
  return { sequence, micros, ordinal, registers }
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
}

const nothingWanted: Wanted = {
  messages: [],
  members: [],
  reactions: [],
  pins: [],
  saves: [],
  conversation: 'not-wanted',
  settings: [],
}

function wantedContent(events: readonly StoredRow[], held: ReadonlyMap<number, Message>): Wanted {
  const others = events.filter(event => event.kind !== 'message.created')
  if (others.length === 0) return nothingWanted
  const messages = new Set<number>()
  const members = new Set<number>()
  const settings = new Set<number>()
  const pins = new Set<number>()
  const saves = new Set<number>()
  for (const { kind, target } of others) {
    if (kind === 'message.saved' || kind === 'message.unsaved') saves.add(target)
    else if (kind.startsWith('message.') && !held.has(target)) messages.add(target)
    else if (kind.startsWith('member.')) members.add(target)
    else if (kind === 'membership.updated') settings.add(target)
    if (kind === 'message.pinned' || kind === 'message.unpinned') pins.add(target)
  }
  const aboutConversation = others.some(({ kind }) => kind.startsWith('member.') || kind.startsWith('conversation.'))
  return {
    messages: [...messages],
    members: [...members],
    reactions: others.filter(event => event.kind === 'reaction.changed'),
    pins: [...pins],
    saves: [...saves],
    conversation: aboutConversation ? 'wanted' : 'not-wanted',
    settings: [...settings],
  }
}

interface ContentRequest {
  readonly stream: StreamId
  readonly wanted: Wanted
  /** Those of the page itself; what is read beyond it is added. */
  readonly messages: Map<number, Message>
}

async function readContent(pool: Pool, { stream, wanted, messages }: ContentRequest): Promise<Content> {
  const [found, roles, emojis, pins, saves, conversation, settings] = await Promise.all([
    wanted.messages.length === 0 ? [] : readMessages(pool, stream as ConversationId, wanted.messages),
    wanted.members.length === 0 ? new Map<number, Role>() : readRoles(pool, stream, wanted.members),
    wanted.reactions.length === 0 ? new Map<string, string[]>() : readEmojis(pool, stream, wanted.reactions),
    wanted.pins.length === 0 ? new Map<number, Pin>() : readPins(pool, stream, wanted.pins),
    wanted.saves.length === 0 ? new Map<number, SavedPlace>() : readSaves(pool, stream, wanted.saves),
    wanted.conversation === 'wanted' ? readConversation(pool, stream) : null,
    wanted.settings.length === 0 ? noSettingsRead : readSettings(pool, stream as AccountId, wanted.settings),
  ])
  for (const message of found) messages.set(message.sequence, message)
  return { messages, roles, emojis, pins, saves, conversation, settings }
}

const noSettingsRead: ReadonlyMap<number, SettingsRow> = new Map()

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
    'select name, description, version, member_count as "memberCount" from conversations where id = $1',
    [stream],
  )
  return rows[0] ?? null
}

function presentEvent(event: StoredRow, content: Content): StreamEvent {
  const { sequence, micros, actorId, kind, target } = event
  const base = { sequence, micros, actorId }
  switch (kind) {
    case 'message.created':
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
      const { name = null, description = null, version = 0 } = content.conversation ?? {}
      return { ...base, kind, data: { name, description, version } }
    }
    case 'conversation.joined':
    case 'conversation.left':
      return { ...base, kind, data: { conversationId: target as ConversationId } }
    case 'membership.updated': {
      const settings = content.settings.get(target)
      const data = { conversationId: target as ConversationId, settings: settings ? presentSettings(settings) : null }
      return { ...base, kind, data }
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
