import type { AccountId, Attachment, ConversationId, Message, MessageId, Reaction } from '@recado/protocol'
import type { Pool } from 'pg'
import { isoTime } from '../../clock.ts'
import { parseSafeInteger } from '../pool.ts'
import type { HistoryPage, HistoryRequest, SentMessage, StreamHeadRow } from '../store.ts'
import { attachmentJson } from './media.ts'

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

/** Of a message `m`: a mail's stands in the mail. */
const messageBody = 'coalesce(m.body, (select k.text from mails k where k.id = m.mail_id))'

/** The files of a message `m` in their order; null for none, and then nothing is read. */
const messageAttachments = `case when m.attached is not null then (
    select json_agg(${attachmentJson} order by a.place) from attachments a join media f on f.id = a.media_id
     where a.conversation_id = m.conversation_id and a.sequence = m.sequence) end`

/** The columns of a message `m`, with its reactions and files gathered. */
export const messageColumns = `m.conversation_id, m.sequence as message_sequence, m.ordinal, m.id, m.author_id, m.client_key, ${messageBody} as body,
  m.reply_to, m.mentions, m.forwarded_from, m.version as message_version, m.created_micros, m.edited_micros, m.deleted_micros,
  (select json_agg(json_build_object('emoji', g.emoji, 'accountIds', g.accounts) order by g.first, g.emoji)
     from (select x.emoji, min(x.micros) as first, json_agg(x.account_id order by x.micros, x.account_id) as accounts
             from reactions x where x.conversation_id = m.conversation_id and x.sequence = m.sequence group by x.emoji) g
  ) as reactions,
  ${messageAttachments} as attachments`

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
  readonly forwarded_from: AccountId | null
  readonly message_version: number
  readonly created_micros: number
  readonly edited_micros: number | null
  readonly deleted_micros: number | null
  readonly reactions: Reaction[] | null
  readonly attachments: Attachment[] | null
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
    forwardedFrom: row.forwarded_from,
    version: row.message_version,
    createdAt: isoTime(row.created_micros),
    editedAt: row.edited_micros === null ? null : isoTime(row.edited_micros),
    deletedAt: row.deleted_micros === null ? null : isoTime(row.deleted_micros),
    reactions: row.reactions ?? [],
    ...(row.attachments === null ? {} : { attachments: row.attachments }),
  }
}

/** what every message has, body, rarities */
export type MessageRow = [string, string | null, string | null]

/**
 * What every message has, and what most have not, travel in one column each: the driver is paid by the column, and a page
 * of a thousand costs half of what it costs in eight. The client's key comes last, since it may hold anything.
 */
export const messageRow = `concat_ws(' ', m.sequence, m.ordinal, m.id, m.author_id, m.created_micros, m.client_key), ${messageBody},
  case when m.version > 1 or m.reply_to is not null or m.mentions is not null or m.deleted_micros is not null
         or m.forwarded_from is not null or m.attached is not null
       then json_build_array(m.version, m.reply_to, m.mentions, m.edited_micros, m.deleted_micros, m.forwarded_from,
                             ${messageAttachments})::text end`

/** version, reply, mentions, edited, deleted, first author of what was forwarded, files */
type Rarities = [
  number,
  number | null,
  AccountId[] | null,
  number | null,
  number | null,
  AccountId | null,
  Attachment[] | null,
]
const noRarities: Rarities = [1, null, null, null, null, null, null]

/** A message, and when it was created in full precision. */
export interface ReadMessage {
  readonly message: Message
  readonly createdMicros: number
}

export function parseMessageRow(
  conversationId: ConversationId,
  [common, body, rare]: MessageRow,
  reactionsOf: (sequence: number) => Reaction[] | undefined,
): ReadMessage {
  const [sequence, ordinal, id, authorId, createdMicros, clientMessageId] = parseCommon(common)
  const [version, replyTo, mentions, edited, deleted, forwardedFrom, attachments]: Rarities =
    rare === null ? noRarities : JSON.parse(rare)
  const message: Message = {
    conversationId,
    sequence,
    ordinal,
    id,
    authorId,
    clientMessageId,
    body,
    replyTo,
    mentions: mentions ?? [],
    forwardedFrom,
    version,
    createdAt: isoTime(createdMicros),
    editedAt: edited === null ? null : isoTime(edited),
    deletedAt: deleted === null ? null : isoTime(deleted),
    reactions: reactionsOf(sequence) ?? [],
    ...(attachments === null ? {} : { attachments }),
  }
  return { message, createdMicros }
}

/** sequence, ordinal, id, author, created, key */
function parseCommon(text: string): [number, number, MessageId, AccountId, number, string] {
  let from = 0
  const next = () => {
    const start = from
    const end = text.indexOf(' ', start)
    from = end + 1
    return parseSafeInteger(text.slice(start, end))
  }
  return [next(), next(), next() as MessageId, next() as AccountId, next(), text.slice(from)]
}

/** Messages of one conversation by sequence. */
export async function readMessages(
  pool: Pool,
  conversationId: ConversationId,
  sequences: readonly number[],
): Promise<readonly Message[]> {
  const { rows } = await pool.query<MessageColumns>({
    name: 'read_messages',
    text: `select ${messageColumns} from messages m where m.conversation_id = $1 and m.sequence = any($2)`,
    values: [conversationId, sequences],
  })
  return rows.map(parseMessage)
}

type HistoryRow = HeadColumns & (MessageColumns | { readonly message_sequence: null })

/** One page of what a member may see, oldest first, with the head of the same snapshot. */
export async function readHistory(pool: Pool, request: HistoryRequest): Promise<HistoryPage> {
  const { conversationId, visibleFrom, limit } = request
  const from = await placeOf(pool, request)
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

type Place = Exclude<HistoryRequest['from'], { readonly aroundMicros: number }>

async function placeOf(pool: Pool, { conversationId, from }: HistoryRequest): Promise<Place> {
  return from === 'newest' || !('aroundMicros' in from)
    ? from
    : { around: await findSequenceAt(pool, conversationId, from.aroundMicros) }
}

/**
 * Below it every message is older than `micros`, from it on none is. Messages are in order of time, so halving the
 * sequences finds it: some twenty looks into the primary key among a million, and no index that each send would write.
 */
export const sequenceAt = `
  with recursive search(low, high) as (
    select 1::bigint, h.sequence + 1 from heads h where h.stream_id = $1
    union all
    select case when probe.created_micros < $2 then probe.sequence + 1 else s.low end,
           case when probe.created_micros < $2 then s.high else middle.sequence end
      from search s
     cross join lateral (select (s.low + s.high) / 2 as sequence) middle
      left join lateral (
        select m.sequence, m.created_micros from messages m
         where m.conversation_id = $1 and m.sequence >= middle.sequence and m.sequence < s.high
         order by m.sequence limit 1
      ) probe on true
     where s.low < s.high
  )
  select low from search where low >= high`

async function findSequenceAt(pool: Pool, conversationId: ConversationId, micros: number): Promise<number> {
  const values = [conversationId, micros]
  const { rows } = await pool.query<{ low: number }>({ name: 'find_sequence_at', text: sequenceAt, values })
  return rows[0]?.low ?? 1
}

interface Spans {
  readonly anchor: number
  readonly older: number
  readonly newer: number
}

/** How many to show below the anchor and from it on. One more is read on each side, which tells whether there is more. */
function spans(from: Place, limit: number): Spans {
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

export async function findSent(
  pool: Pool,
  conversationId: ConversationId,
  actorId: AccountId,
  key: string,
): Promise<SentMessage | null> {
  const { rows } = await pool.query<SentMessage>({
    name: 'find_sent',
    text: `select fingerprint, created_micros as micros, id, sequence, ordinal from messages
            where conversation_id = $1 and author_id = $2 and client_key = $3`,
    values: [conversationId, actorId, key],
  })
  return rows[0] ?? null
}
