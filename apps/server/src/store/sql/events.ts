import type { AccountId, ConversationId, Role, SessionId, StreamEvent, StreamId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { EventKindStored, StreamHeadRow } from '../store.ts'
import {
  type HeadColumns,
  headColumns,
  headTables,
  type MessageColumns,
  messageColumns,
  parseHead,
  parseMessage,
} from './messages.ts'

interface EventColumns {
  readonly sequence: number
  readonly micros: number
  readonly kind: EventKindStored
  readonly actor_id: AccountId | null
  readonly target: number | null
  readonly version: number | null
  readonly role: Role | null
  readonly member_count: number | null
  readonly name: string | null
  readonly conversation_version: number | null
  readonly emojis: string[] | null
}

type EventRow = HeadColumns & (EventColumns | { readonly sequence: null }) & MessageColumns

/** Content is read from each event's target as it is now (L12), in the snapshot that also gives the head. */
const readEventsText = `
  select ${headColumns}, e.*, message.*, membership.role, conversation.member_count, conversation.name,
         conversation.version as conversation_version, own.emojis
    from ${headTables}
    left join lateral (
      select v.sequence, v.micros, v.kind, v.actor_id, v.target, v.version from events v
       where v.stream_id = $1 and v.sequence > $2 order by v.sequence limit $3) e on true
    left join lateral (
      select ${messageColumns} from messages m
       where e.kind like 'message.%' and m.conversation_id = $1 and m.sequence = e.target) message on true
    left join lateral (
      select s.role from memberships s where e.kind like 'member.%' and s.conversation_id = $1 and s.account_id = e.target
    ) membership on true
    left join lateral (
      select c.member_count, c.name, c.version from conversations c
       where (e.kind like 'member.%' or e.kind like 'conversation.%') and c.id = $1) conversation on true
    left join lateral (
      select array_agg(x.emoji order by x.micros, x.emoji) as emojis from reactions x
       where e.kind = 'reaction.changed' and x.conversation_id = $1 and x.sequence = e.target and x.account_id = e.actor_id
    ) own on true
   where h.stream_id = $1 order by e.sequence`

export async function readEvents(
  pool: Pool,
  stream: StreamId,
  after: number,
  limit: number,
): Promise<{ readonly items: readonly StreamEvent[]; readonly head: StreamHeadRow }> {
  const { rows } = await pool.query<EventRow>({
    name: 'read_events',
    text: readEventsText,
    values: [stream, after, limit],
  })
  const items: StreamEvent[] = []
  for (const row of rows) if (row.sequence !== null) items.push(presentEvent(row))
  return {
    items,
    head: rows[0] === undefined ? { sequence: 0, micros: 0, ordinal: 0, registers: 0 } : parseHead(rows[0]),
  }
}

function presentEvent(row: EventColumns & MessageColumns): StreamEvent {
  const base = { sequence: row.sequence, micros: row.micros, actorId: row.actor_id }
  const target = row.target ?? 0
  switch (row.kind) {
    case 'message.created':
    case 'message.edited':
    case 'message.deleted':
      return { ...base, kind: row.kind, data: { message: parseMessage(row) } }
    case 'reaction.changed':
      return {
        ...base,
        kind: row.kind,
        data: { sequence: target, accountId: row.actor_id ?? (0 as AccountId), emojis: row.emojis ?? [] },
      }
    case 'member.added':
    case 'member.removed':
    case 'member.left':
    case 'member.roleChanged':
      return {
        ...base,
        kind: row.kind,
        data: { accountId: target as AccountId, role: row.role, memberCount: row.member_count ?? 0 },
      }
    case 'conversation.created':
    case 'conversation.updated':
      return { ...base, kind: row.kind, data: { name: row.name, version: row.conversation_version ?? 0 } }
    case 'conversation.joined':
    case 'conversation.left':
      return { ...base, kind: row.kind, data: { conversationId: target as ConversationId } }
    case 'session.created':
    case 'session.ended':
      return { ...base, kind: row.kind, data: { sessionId: target as SessionId } }
    case 'account.created':
      return { ...base, kind: row.kind, data: {} }
    case 'account.updated':
      return { ...base, kind: row.kind, data: { version: row.version ?? 0 } }
  }
}

export async function findEventMicros(pool: Pool, stream: StreamId, sequence: number): Promise<number | null> {
  const { rows } = await pool.query<{ micros: number }>({
    name: 'find_event_micros',
    text: 'select micros from events where stream_id = $1 and sequence = $2',
    values: [stream, sequence],
  })
  return rows[0]?.micros ?? null
}
