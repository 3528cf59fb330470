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
import type { AccountId, ConversationId, Message, Reaction, StreamEvent, StreamId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { EventsPage, ReaderPage, ReaderRequest, StreamHeadRow } from '../store.ts'
import { findMembership } from './conversations.ts'
import { type EventRow, parseRow, presentEvent, readContent } from './event-content.ts'
import { type MessageRow, messageRow, parseMessageRow, type ReadMessage } from './messages.ts'

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
  const { frame, created } = parsePage(stream as ConversationId, rows)
  const others = await readOthers(pool, stream, frame.events ?? [], created)
  const head = frame.head === null ? noHead : presentHead(frame.head)
  const items = inSequence({ after, limit }, created, others)
  return { page: { items, head }, frame, snapshot: others.size === 0 ? 'one' : 'several' }
}

/** The event of a message's creation. */
type CreatedEvent = Extract<StreamEvent, { kind: 'message.created' }>

function parsePage(conversationId: ConversationId, rows: readonly PageRow[]) {
  let frame: Frame | null = null
  const plain: MessageRow[] = []
  for (const row of rows) {
    if (row[0] === null) frame = JSON.parse(row[2])
    else plain.push(row)
  }
  if (frame === null) throw new Error('a page came without its frame')
  const reactions = groupReactions(frame.reactions ?? [])
  const created = new Map<number, CreatedEvent>()
  for (const row of plain) {
    const event = createdEvent(parseMessageRow(conversationId, row, sequence => reactions.get(sequence)))
    created.set(event.sequence, event)
  }
  return { frame, created }
}

function createdEvent({ message, createdMicros }: ReadMessage): CreatedEvent {
  const { sequence, authorId } = message
  return { sequence, micros: createdMicros, actorId: authorId, kind: 'message.created', data: { message } }
}

/** What is not a new message, with what it points at. */
async function readOthers(
  pool: Pool,
  stream: StreamId,
  rows: readonly EventRow[],
  created: ReadonlyMap<number, CreatedEvent>,
): Promise<ReadonlyMap<number, StreamEvent>> {
  if (rows.length === 0) return new Map()
  const held = new Map<number, Message>()
  for (const { sequence, data } of created.values()) held.set(sequence, data.message)
  const events = rows.map(parseRow)
  const content = await readContent(pool, { stream, events, held })
  return new Map(events.map(event => [event.sequence, presentEvent(event, content)]))
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

/** Up to the first that is not there. */
function inSequence(
  { after, limit }: { readonly after: number; readonly limit: number },
  created: ReadonlyMap<number, StreamEvent>,
  others: ReadonlyMap<number, StreamEvent>,
): StreamEvent[] {
  const events: StreamEvent[] = []
  for (let sequence = after + 1; sequence <= after + limit; sequence++) {
    const event = created.get(sequence) ?? others.get(sequence)
    if (event === undefined) break
    events.push(event)
  }
  return events
}

function presentHead([sequence, micros, ordinal, registers]: NonNullable<Frame['head']>): StreamHeadRow {
  return { sequence, micros, ordinal, registers }
}
