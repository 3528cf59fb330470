import type { AccountId, ConversationId, Message, MessageId, Reaction } from '@recado/protocol'
import type { Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import type { HistoryPage, HistoryRequest, StreamHeadRow } from '../store.ts'

export const headColumns =
  'h.sequence as head_sequence, h.micros as head_micros, h.ordinal as head_ordinal, r.version as head_registers'
export const headTables = 'heads h join register_heads r on r.group_id = h.stream_id'

export interface HeadColumns {
  readonly head_sequence: number
  readonly head_micros: number
  readonly head_ordinal: number
  readonly head_registers: number
}

export function parseHead(row: HeadColumns): StreamHeadRow {
  return {
    sequence: row.head_sequence,
    micros: row.head_micros,
    ordinal: row.head_ordinal,
    registers: row.head_registers,
  }
}

/** The columns of a message `m`, with its reactions gathered. */
export const messageColumns = `m.conversation_id, m.sequence as message_sequence, m.ordinal, m.id, m.author_id, m.client_key, m.body,
  m.reply_to, m.mentions, m.version as message_version, m.created_micros, m.edited_micros, m.deleted_micros,
  (select json_agg(json_build_object('emoji', g.emoji, 'accountIds', g.accounts) order by g.first, g.emoji)
     from (select x.emoji, min(x.micros) as first, json_agg(x.account_id order by x.micros, x.account_id) as accounts
             from reactions x where x.conversation_id = m.conversation_id and x.sequence = m.sequence group by x.emoji) g
  ) as reactions`

export interface MessageColumns {
  readonly conversation_id: ConversationId
  readonly message_sequence: number
  readonly ordinal: number
  readonly id: MessageId
  readonly author_id: AccountId
  readonly client_key: string
  readonly body: string | null
  readonly reply_to: number | null
  readonly mentions: AccountId[] | null
  readonly message_version: number
  readonly created_micros: number
  readonly edited_micros: number | null
  readonly deleted_micros: number | null
  readonly reactions: Reaction[] | null
}

export function parseMessage(row: MessageColumns): Message {
  return {
    conversationId: row.conversation_id,
    sequence: row.message_sequence,
    ordinal: row.ordinal,
    id: row.id,
    authorId: row.author_id,
    clientMessageId: row.client_key,
    body: row.body,
    replyTo: row.reply_to,
    mentions: row.mentions ?? [],
    version: row.message_version,
    createdAt: isoTime(row.created_micros),
    editedAt: row.edited_micros === null ? null : isoTime(row.edited_micros),
    deletedAt: row.deleted_micros === null ? null : isoTime(row.deleted_micros),
    reactions: row.reactions ?? [],
  }
}

/** sequence, ordinal, id, author, key, body, reply, mentions, version, created, edited, deleted */
type PlainRow = [
  number,
  number,
  MessageId,
  AccountId,
  string,
  string | null,
  number | null,
  AccountId[] | null,
  number,
  number,
  number | null,
  number | null,
]

/** A message, and when it was created in full precision. */
export interface ReadMessage {
  readonly message: Message
  readonly createdMicros: number
}

/** Messages of one conversation by sequence, with their reactions read apart: most have none. */
export function readMessages(pool: Pool, conversationId: ConversationId, sequences: readonly number[]) {
  return readPlain(pool, { name: 'listed', filter: 'sequence = any($2)', values: [conversationId, sequences] })
}

/** Those with a sequence above the first and up to the second. */
export function readMessageRange(pool: Pool, conversationId: ConversationId, [above, upTo]: readonly [number, number]) {
  const filter = 'sequence > $2 and sequence <= $3'
  return readPlain(pool, { name: 'range', filter, values: [conversationId, above, upTo] })
}

async function readPlain(
  pool: Pool,
  { name, filter, values }: { name: string; filter: string; values: [ConversationId, ...unknown[]] },
): Promise<readonly ReadMessage[]> {
  const [{ rows }, reactions] = await Promise.all([
    pool.query<PlainRow>({
      name: `read_messages_${name}`,
      rowMode: 'array',
      text: `select sequence, ordinal, id, author_id, client_key, body, reply_to, mentions, version, created_micros,
                    edited_micros, deleted_micros
               from messages where conversation_id = $1 and ${filter}`,
      values,
    }),
    pool.query<{ sequence: number; emoji: string; accountIds: AccountId[] }>({
      name: `read_reactions_${name}`,
      text: `select sequence, emoji, array_agg(account_id order by micros, account_id) as "accountIds"
               from reactions where conversation_id = $1 and ${filter}
              group by sequence, emoji order by sequence, min(micros), emoji`,
      values,
    }),
  ])
  const bySequence = Map.groupBy(reactions.rows, row => row.sequence)
  return rows.map(row => ({
    message: parsePlain(values[0], row, bySequence.get(row[0]) ?? noReactions),
    createdMicros: row[9],
  }))
}

const noReactions: readonly Reaction[] = []

function parsePlain(conversationId: ConversationId, row: PlainRow, reactions: readonly Reaction[]): Message {
  const [sequence, ordinal, id, authorId, clientMessageId, body, replyTo, mentions, version, created, edited, deleted] =
    row
  return {
    conversationId,
    sequence,
    ordinal,
    id,
    authorId,
    clientMessageId,
    body,
    replyTo,
    mentions: mentions ?? [],
    version,
    createdAt: isoTime(created),
    editedAt: edited === null ? null : isoTime(edited),
    deletedAt: deleted === null ? null : isoTime(deleted),
    reactions: reactions.map(({ emoji, accountIds }) => ({ emoji, accountIds: [...accountIds] })),
  }
}

type HistoryRow = HeadColumns & (MessageColumns | { readonly message_sequence: null })

/** One page of what a member may see, oldest first, with the head of the same snapshot. */
export async function readHistory(pool: Pool, request: HistoryRequest): Promise<HistoryPage> {
  const { conversationId, visibleFrom, from, limit } = request
  const { older, newer, anchor } = spans(from, limit)
  const { rows } = await pool.query<HistoryRow>({
    name: 'read_history',
    text: `select ${headColumns}, page.* from ${headTables} left join lateral (
             (select ${messageColumns} from messages m
               where m.conversation_id = $1 and m.sequence >= $2 and m.sequence < $3 order by m.sequence desc limit $4)
             union all
             (select ${messageColumns} from messages m
               where m.conversation_id = $1 and m.sequence >= greatest($2, $3) order by m.sequence limit $5)
           ) page on true where h.stream_id = $1 order by page.message_sequence`,
    values: [conversationId, visibleFrom, anchor, older + 1, newer + 1],
  })
  const head = rows[0] === undefined ? { sequence: 0, micros: 0, ordinal: 0, registers: 0 } : parseHead(rows[0])
  const messages: Message[] = []
  for (const row of rows) if (row.message_sequence !== null) messages.push(parseMessage(row))
  return { ...cutPage(messages, { older, newer, anchor }), head }
}

interface Spans {
  readonly anchor: number
  readonly older: number
  readonly newer: number
}

/** How many to show below the anchor and from it on. One more is read on each side, which tells whether there is more. */
function spans(from: HistoryRequest['from'], limit: number): Spans {
  if (from === 'newest') return { older: limit, newer: 0, anchor: Number.MAX_SAFE_INTEGER }
  if ('before' in from) return { older: limit, newer: 0, anchor: from.before }
  if ('after' in from) return { older: 0, newer: limit, anchor: from.after + 1 }
  const older = Math.floor(limit / 2)
  return { older, newer: limit - older, anchor: from.around }
}

function cutPage(messages: readonly Message[], { older, newer, anchor }: Spans): Omit<HistoryPage, 'head'> {
  const below = messages.filter(message => message.sequence < anchor)
  const above = messages.filter(message => message.sequence >= anchor)
  return {
    items: [...below.slice(Math.max(0, below.length - older)), ...above.slice(0, newer)],
    hasOlder: below.length > older,
    hasNewer: above.length > newer,
  }
}

export async function findMessage(
  pool: Pool,
  conversationId: ConversationId,
  sequence: number,
): Promise<Message | null> {
  const { rows } = await pool.query<MessageColumns>({
    name: 'find_message',
    text: `select ${messageColumns} from messages m where m.conversation_id = $1 and m.sequence = $2`,
    values: [conversationId, sequence],
  })
  return rows[0] === undefined ? null : parseMessage(rows[0])
}

export async function readVersions(pool: Pool, conversationId: ConversationId, sequence: number) {
  const { rows } = await pool.query<{ version: number; body: string; micros: number }>(
    `select version, body, micros from message_versions where conversation_id = $1 and sequence = $2
     union all
     select version, body, coalesce(edited_micros, created_micros) from messages
      where conversation_id = $1 and sequence = $2 and body is not null
     order by version`,
    [conversationId, sequence],
  )
  return rows
}
