/**
 * Searching. The statements have no name, so that each is planned for what it asks. The newest rows are looked through first, then more
 * and more of the older ones: see `docs/search.md`.
 */
import type { ConversationId } from '@recado/protocol'
import type { Pool } from 'pg'
import {
  type FoundMailRow,
  type FoundMessageRow,
  markOf,
  newestFirst,
  type SearchRequest,
  type SearchStore,
  shownOfText,
} from '../search.ts'
import { index, indexPast } from './search-index.ts'
import { findConversations, findPeople } from './search-names.ts'

export function createSearchStore(pool: Pool): SearchStore {
  return {
    async find(request) {
      const [messages, mails] = await Promise.all([findMessages(pool, request), findMails(pool, request)])
      return newestFirst([...messages, ...mails], request.limit)
    },
    findPeople: name => findPeople(pool, name),
    findConversations: (accountId, name) => findConversations(pool, accountId, name),
    index: moved => index(pool, moved),
    indexPast: limit => indexPast(pool, limit),
  }
}

/** Conditions with their values, numbered as they come. */
class Conditions {
  readonly values: unknown[]
  readonly #texts: string[] = []

  /** After those of others in the same statement. */
  constructor(values: readonly unknown[] = []) {
    this.values = [...values]
  }

  add(text: (place: string) => string, value: unknown): void {
    this.values.push(value)
    this.#texts.push(text(`$${this.values.length}`))
  }

  always(text: string): void {
    this.#texts.push(text)
  }

  get text(): string {
    return this.#texts.join(' and ')
  }
}

/** Rows whose ids are from `from` on and below `below`. */
interface Span {
  readonly below: number
  readonly from: number
  /** Read backwards row by row, or found by the index of words. */
  readonly by: 'order' | 'words'
  /** What is asked of their words: a tsquery, or nothing. */
  readonly query: string
  readonly limit: number
}

/** So many are read backwards in a moment, whatever is looked for. */
const nearest = 4_000
/** The marks of `search_places`, and how many ids have the same one. */
const places = [
  { mark: '/n', size: 2 ** 15 },
  { mark: '/m', size: 2 ** 18 },
] as const
const everything = Number.MAX_SAFE_INTEGER

interface Asked extends Pick<SearchRequest, 'before' | 'limit'> {
  readonly words: string
  /** More than these do not have the words, if that is known. */
  readonly rows?: number
}

/** So many are no work for the index of words. */
const few = 50_000

/**
 * The newest first: what is common is found soon, and what is rare costs little in each span, because the index of words meets its
 * few rows before those of the span. Without words all is read backwards.
 */
async function findNewest<Row>(
  pool: Pool,
  table: 'search_messages' | 'search_mails',
  { before, limit, words, rows: most = everything }: Asked,
  find: (span: Span) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const { rows } = await pool.query<{ first: number | null; last: number | null }>({
    name: `bounds_of_${table}`,
    text: `select (select min(id) from ${table}) as first, (select max(id) from ${table} where id < $1) as last`,
    values: [before],
  })
  const { first = null, last = null } = rows[0] ?? {}
  if (first === null || last === null) return []
  const found: Row[] = []
  let below = last + 1
  const look = async (size: number, by: Span['by'], marks: readonly string[] = []) => {
    if (below <= first || found.length === limit) return
    const from = Math.max(below - size, first)
    const query = both(words, oneOf(marks))
    found.push(...(await find({ below, from, by, query, limit: limit - found.length })))
    below = from
  }
  await look(words === '' ? everything : nearest, 'order')
  for (const { mark, size } of most > few ? places : []) {
    const ends = new Set([Math.floor((below - 1) / size), Math.floor((below - size) / size)])
    await look(
      size,
      'words',
      [...ends].map(end => mark + end),
    )
  }
  await look(everything, 'words')
  return found
}

/** Of two tsqueries, of which either may be nothing. */
function both(one: string, other: string): string {
  return [one, other].filter(query => query !== '').join(' & ')
}

function oneOf(marks: readonly string[]): string {
  return marks.length === 0 ? '' : `(${marks.map(mark => `'${mark}'`).join(' | ')})`
}

/** The mark of a text of which a row does not know all places: its phrases are looked for in itself. */
const wide = '/w'

/** A tsquery; empty if neither words nor marks are asked for. */
function wordsWanted({ beginnings, phrases, from, has }: SearchRequest): string {
  // Of one letter nearly every word begins with it: asked for as a word.
  const words = beginnings.map(word => `'${cut(word)}'${[...word].length > 1 ? ':*' : ''}`)
  const exact = phrases.map(phrase => {
    const each = phrase.split(' ').map(word => `'${cut(word)}'`)
    return each.length === 1 ? each.join('') : `((${each.join(' <-> ')}) | (${each.join(' & ')} & '${wide}'))`
  })
  const marks = has.map(trait => `'${markOf[trait]}'`)
  return both([...words, ...exact, ...marks].join(' & '), oneOf((from ?? []).map(id => `/f${id}`)))
}

function cut(word: string): string {
  return [...word].slice(0, 64).join('')
}

/** Of two words at least: one alone is told by the index. */
function inOrder(phrases: readonly string[]): readonly string[] {
  return phrases.filter(phrase => phrase.includes(' '))
}

/** Conversations of the reader in which there may be something. */
interface Reach {
  readonly conversations: readonly ConversationId[]
  readonly messages: number
}

/** More of them in a query cost more than they spare. */
const conversationsAsMarks = 4
/** Whose conversations hold less than this part of a span may be served better by them than by the index of words. */
const smallShare = 0.1

async function findMessages(pool: Pool, request: SearchRequest): Promise<readonly FoundMessageRow[]> {
  const { conversations, to, from, before, limit } = request
  if (conversations === 'none' || to !== null || from?.length === 0) return []
  const reach = await findReach(pool, request)
  if (reach.conversations.length === 0) return []
  const marks = reach.conversations.length > conversationsAsMarks ? [] : reach.conversations.map(id => `/c${id}`)
  const words = wordsWanted(request)
  const asked =
    words === '' || marks.length === 0 ? { words } : { words: both(words, oneOf(marks)), rows: reach.messages }
  return await findNewest(pool, 'search_messages', { before, limit, ...asked }, span =>
    findMessagesIn(pool, request, reach, span),
  )
}

async function findReach(pool: Pool, { accountId, conversations, unread }: SearchRequest): Promise<Reach> {
  const { rows } = await pool.query<{ id: ConversationId; messages: number }>({
    name: 'search_reach',
    text: `select k.conversation_id as id, greatest(h.message_sequence - k.visible_from + 1, 0) as messages
       from memberships k join heads h on h.stream_id = k.conversation_id
      where k.account_id = $1 and ($2::bigint[] is null or k.conversation_id = any($2)) and (not $3 or exists (
            select from positions p where p.conversation_id = k.conversation_id and p.account_id = k.account_id
               and p.read < h.message_sequence))`,
    values: [accountId, conversations === 'all' ? null : conversations, unread === 'only'],
  })
  return { conversations: rows.map(row => row.id), messages: rows.reduce((sum, row) => sum + row.messages, 0) }
}

async function findMessagesIn(
  pool: Pool,
  request: SearchRequest,
  { conversations, messages }: Reach,
  { below, from, by, query, limit }: Span,
): Promise<readonly FoundMessageRow[]> {
  const { accountId, phrases, unread, starred, afterMicros, beforeMicros } = request
  // The planner takes a common beginning for a rare word, and would read each row of the reader's conversations.
  const isForced = by === 'words' && messages > (below - from) * smallShare
  const column = (name: string) => (isForced ? `${name} + 0` : name)
  const where = new Conditions()
  where.add(place => `${column('s.id')} < ${place}`, below)
  where.add(place => `${column('s.id')} >= ${place}`, from)
  // As a list of constants, so that the planner knows how much of everything they are.
  where.add(place => `${column('s.conversation_id')} = any(${place}::bigint[])`, conversations)
  if (query !== '') where.add(place => `s.words @@ ${place}::tsquery`, query)
  if (afterMicros !== null) where.add(place => `s.micros >= ${place}`, afterMicros)
  if (beforeMicros !== null) where.add(place => `s.micros < ${place}`, beforeMicros)
  const shown = new Conditions(where.values)
  shown.add(place => `k.account_id = ${place}`, accountId)
  if (unread === 'only') shown.always(isUnread)
  if (starred === 'only')
    shown.always('exists (select from saves v where v.account_id = k.account_id and v.message_id = m.id)')
  for (const phrase of inOrder(phrases))
    shown.add(place => `(not s.wide or ' ' || search_plain(m.body) || ' ' like ${place})`, `% ${phrase} %`)
  // Put in order before they are joined: only what is shown is read in full. Read backwards they come in order.
  const [id, fence] = by === 'words' ? ['s.id + 0', 'order by 1 desc offset 0'] : ['s.id', '']
  const { rows } = await pool.query<Omit<FoundMessageRow, 'kind'>>(
    `select s.id, s.conversation_id as "conversationId", s.sequence, k.visible_from as "visibleFrom", m.id as "messageId",
            m.author_id as "authorId", m.created_micros as "createdMicros", m.body as text,
            coalesce(m.attached, 0) as "attachmentCount"
       from (select ${id} as id, s.conversation_id, s.sequence, s.version, s.words @@ '''${wide}'''::tsquery as wide
               from search_messages s where ${where.text} ${fence}) s
       join memberships k on k.conversation_id = s.conversation_id and s.sequence >= k.visible_from
       join messages m on m.conversation_id = s.conversation_id and m.sequence = s.sequence and m.version = s.version
                      and m.deleted_micros is null
      where ${shown.text} order by s.id desc limit ${limit}`,
    shown.values,
  )
  return rows.map(row => ({ ...row, kind: 'message' }))
}

const isUnread = `m.author_id <> k.account_id and s.sequence > (
  select greatest(p.read, o.sequence) from positions p
    join own_positions o on o.conversation_id = p.conversation_id and o.account_id = p.account_id
   where p.conversation_id = k.conversation_id and p.account_id = k.account_id)`

async function findMails(pool: Pool, request: SearchRequest): Promise<readonly FoundMailRow[]> {
  const { mails, from, to, before, limit } = request
  if (mails === 'none' || from?.length === 0 || to?.length === 0) return []
  return await findNewest(pool, 'search_mails', { before, limit, words: wordsWanted(request) }, span =>
    findMailsIn(pool, request, span),
  )
}

async function findMailsIn(
  pool: Pool,
  request: SearchRequest,
  { below, from, by, query, limit }: Span,
): Promise<readonly FoundMailRow[]> {
  const { accountId, mails, to, phrases, unread, starred, afterMicros, beforeMicros } = request
  const id = by === 'words' ? 's.id + 0' : 's.id'
  const where = new Conditions()
  where.add(place => `e.account_id = ${place}`, accountId)
  where.add(place => `${id} < ${place}`, below)
  where.add(place => `${id} >= ${place}`, from)
  if (mails === 'usual') where.always(`e.folder not in ('trash', 'spam')`)
  else where.add(place => `e.folder = ${place}`, mails)
  if (query !== '') where.add(place => `s.words @@ ${place}::tsquery`, query)
  for (const phrase of inOrder(phrases)) where.add(hasPhrase, `% ${phrase} %`)
  if (to !== null) where.add(wasSentTo, to)
  if (afterMicros !== null) where.add(place => `e.sort_micros >= ${place}`, afterMicros)
  if (beforeMicros !== null) where.add(place => `e.sort_micros < ${place}`, beforeMicros)
  if (unread === 'only') where.always('e.received and not e.read')
  if (starred === 'only') where.always('e.starred')
  const { rows } = await pool.query<Omit<FoundMailRow, 'kind'>>(
    `select s.id, m.id as "mailId", m.thread_id as "threadId", m.author_id as "authorId", m.subject,
            left(m.text, ${shownOfText}) as text, e.folder, e.sort_micros as "sortMicros", m.attached as "attachmentCount"
       from search_mails s join mailbox_entries e on e.mail_id = s.mail_id join mails m on m.id = s.mail_id
      where ${where.text} order by ${id} desc limit ${limit}`,
    where.values,
  )
  return rows.map(row => ({ ...row, kind: 'mail' }))
}

function hasPhrase(place: string): string {
  return `(not s.words @@ '''${wide}'''::tsquery
    or ' ' || search_plain(m.subject || ' ' || m.text) || ' ' like ${place})`
}

/** A blind recipient is one to the author and to that recipient only. */
function wasSentTo(place: string): string {
  return `exists (select from mail_recipients r where r.mail_id = m.id and r.account_id = any(${place}::bigint[])
    and (e.authored or r.mode <> 'bcc' or r.account_id = e.account_id))`
}
