/**
 * Reading a stream: a page of events, then the content of what they point at, as it is now (L12). Most events are new
 * messages, and those stand in `messages` with all that their event says, so of `events` only the others are read. Both
 * are read side by side, each from a snapshot of its own: a page ends before the first sequence that neither has.
 * The content is read by whole pages and never event by event, so a page costs at most nine statements whatever it holds. It may be newer than
 * the events, which harms nobody, since clients keep the highest version; it is never older.
 */
import type { AccountId, ConversationId, Message, Role, SessionId, StreamEvent, StreamId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { EventKindStored, StreamHeadRow } from '../store.ts'
import { type ReadMessage, readMessageRange, readMessages } from './messages.ts'

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
  readonly conversation: { readonly name: string | null; readonly version: number; readonly memberCount: number } | null
}

const noHead: StreamHeadRow = { sequence: 0, micros: 0, ordinal: 0, registers: 0 }

export interface EventsPage {
  readonly items: readonly StreamEvent[]
  readonly head: StreamHeadRow
}

/** The head is read beside the page: it may lie a little behind its last event, and a reader goes on from the later one. */
export async function readEvents(pool: Pool, stream: StreamId, after: number, limit: number): Promise<EventsPage> {
  // Sequences are dense, so the page's range is known before its events are.
  const [head, nearby, { rows }] = await Promise.all([
    readHead(pool, stream),
    readMessageRange(pool, stream as ConversationId, [after, after + limit]),
    pool.query<EventRow>({
      name: 'read_events',
      text: `select sequence, micros, kind, actor_id, target, version from events
              where stream_id = $1 and sequence > $2 and sequence <= $3 and kind <> 'message.created'`,
      rowMode: 'array',
      values: [stream, after, after + limit],
    }),
  ])
  const messages = new Map(nearby.map(({ message }) => [message.sequence, message]))
  const others = new Map(rows.map(row => [row[0], parseRow(row)]))
  const created = new Map(nearby.map(row => [row.message.sequence, createdRow(row)]))
  const events: StoredRow[] = []
  for (let sequence = after + 1; sequence <= after + limit; sequence++) {
    const event = others.get(sequence) ?? created.get(sequence)
    if (event === undefined) break
    events.push(event)
  }
  const content = await readContent(pool, { stream, events, messages })
  return { items: events.map(event => presentEvent(event, content)), head }
}

/** The event of a message's creation, from the message. */
function createdRow({ message, createdMicros }: ReadMessage): StoredRow {
  const { sequence, authorId } = message
  return { sequence, micros: createdMicros, kind: 'message.created', actorId: authorId, target: sequence, version: 1 }
}

function parseRow([sequence, micros, kind, actorId, target, version]: EventRow): StoredRow {
  return { sequence, micros, kind, actorId, target: target ?? 0, version }
}

async function readHead(pool: Pool, stream: StreamId): Promise<StreamHeadRow> {
  const { rows } = await pool.query<StreamHeadRow>({
    name: 'read_head',
    text: `select h.sequence, h.micros, h.ordinal, r.version as registers
             from heads h join register_heads r on r.group_id = h.stream_id where h.stream_id = $1`,
    values: [stream],
  })
  return rows[0] ?? noHead
}

interface ContentRequest {
  readonly stream: StreamId
  readonly events: readonly StoredRow[]
  /** Those that were read with the events. */
  readonly messages: Map<number, Message>
}

async function readContent(pool: Pool, { stream, events, messages }: ContentRequest): Promise<Content> {
  const elsewhere = new Set<number>()
  const members = new Set<number>()
  const reactions: StoredRow[] = []
  let aboutConversation = false
  for (const event of events) {
    if (event.kind.startsWith('message.')) {
      // Read beside the events it may be older than they are, and a client would keep that.
      if ((messages.get(event.target)?.version ?? 0) < (event.version ?? 1)) elsewhere.add(event.target)
    } else if (event.kind === 'reaction.changed') reactions.push(event)
    else if (event.kind.startsWith('member.')) members.add(event.target)
    aboutConversation ||= event.kind.startsWith('member.') || event.kind.startsWith('conversation.')
  }
  const [found, roles, emojis, conversation] = await Promise.all([
    elsewhere.size === 0 ? [] : readMessages(pool, stream as ConversationId, [...elsewhere]),
    members.size === 0 ? new Map<number, Role>() : readRoles(pool, stream, [...members]),
    reactions.length === 0 ? new Map<string, string[]>() : readEmojis(pool, stream, reactions),
    aboutConversation ? readConversation(pool, stream) : null,
  ])
  for (const { message } of found) messages.set(message.sequence, message)
  return { messages, roles, emojis, conversation }
}

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

async function readConversation(pool: Pool, stream: StreamId): Promise<Content['conversation']> {
  const { rows } = await pool.query<NonNullable<Content['conversation']>>(
    'select name, version, member_count as "memberCount" from conversations where id = $1',
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
      const { name = null, version = 0 } = content.conversation ?? {}
      return { ...base, kind, data: { name, version } }
    }
    case 'conversation.joined':
    case 'conversation.left':
      return { ...base, kind, data: { conversationId: target as ConversationId } }
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

export async function findEventMicros(pool: Pool, stream: StreamId, sequence: number): Promise<number | null> {
  const { rows } = await pool.query<{ micros: number }>({
    name: 'find_event_micros',
    text: 'select micros from events where stream_id = $1 and sequence = $2',
    values: [stream, sequence],
  })
  return rows[0]?.micros ?? null
}
