/**
 * Searching. The statements have no name, so that each is planned for what it asks: of a common word the newest rows are read
 * backwards until there are enough, of a rare one the index of words is asked.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Pool } from 'pg'
import { foldName, foldWords } from '../folding.ts'
import {
  type FoundMailRow,
  type FoundMessageRow,
  markOf,
  newestFirst,
  type SearchRequest,
  type SearchStore,
  shownOfText,
} from '../search.ts'
import type { MovedStream } from '../store.ts'
import { prefixQuery } from './accounts.ts'

export function createSearchStore(pool: Pool): SearchStore {
  return {
    async find(request) {
      const [messages, mails] = await Promise.all([findMessages(pool, request), findMails(pool, request)])
      return newestFirst([...messages, ...mails], request.limit)
    },
    findPeople: name => findPeople(pool, name),
    findConversations: (accountId, name) => findConversations(pool, accountId, name),
    index: moved => index(pool, moved),
  }
}

/** Conditions with their values, numbered as they come. */
class Conditions {
  readonly values: unknown[] = []
  readonly #texts: string[] = []

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

/** Ids among which rows are looked for, and what they are ordered by. */
interface Part {
  readonly below: number
  readonly from: number
  readonly order: 's.id' | 's.id + 0'
  readonly limit: number
}

/** So many are read backwards in a moment, whoever they are for. */
const newestIds = 30_000

/**
 * The newest first, in the order of their ids, where a common word is found soon. What lies further back is looked for by the
 * index of words: read backwards, a word that is common where the reader is no member would take all there is.
 */
async function newestThenOlder<Row>(
  pool: Pool,
  { before, limit }: SearchRequest,
  find: (part: Part) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const { rows } = await pool.query<{ last: number }>({
    name: 'search_last_id',
    text: 'select last_value as last from search_ids',
  })
  const below = Math.min(before, (rows[0]?.last ?? 0) + 1)
  const edge = Math.max(below - newestIds, 0)
  const newest = await find({ below, from: edge, order: 's.id', limit })
  if (newest.length === limit || edge === 0) return newest
  const older = await find({ below: edge, from: 0, order: 's.id + 0', limit: limit - newest.length })
  return [...newest, ...older]
}

/** A tsquery; empty if neither words nor marks are asked for. */
function wordsWanted({ beginnings, phrases, from, has }: SearchRequest): string {
  const marks = has.map(trait => `'${markOf[trait]}'`)
  if (from !== null) marks.push(`(${from.map(id => `'/f${id}'`).join(' | ')})`)
  const exact = phrases.flatMap(phrase => phrase.split(' ')).map(word => `'${cut(word)}'`)
  // Of one letter nearly every word begins with it: asked for as a word.
  const words = beginnings.map(word => `'${cut(word)}'${[...word].length > 1 ? ':*' : ''}`)
  return [...words, ...exact, ...marks].join(' & ')
}

function cut(word: string): string {
  return [...word].slice(0, 64).join('')
}

function findMessages(pool: Pool, request: SearchRequest): Promise<readonly FoundMessageRow[]> {
  const { conversations, to, from } = request
  if (conversations === 'none' || to !== null || from?.length === 0) return Promise.resolve([])
  return newestThenOlder(pool, request, part => findMessagesIn(pool, request, part))
}

async function findMessagesIn(
  pool: Pool,
  request: SearchRequest,
  { below, from, order, limit }: Part,
): Promise<readonly FoundMessageRow[]> {
  const { accountId, conversations, phrases, unread, starred, afterMicros, beforeMicros } = request
  const where = new Conditions()
  where.add(place => `k.account_id = ${place}`, accountId)
  where.add(place => `s.id < ${place}`, below)
  where.add(place => `s.id >= ${place}`, from)
  // As a list of constants, so that the planner knows how much of everything they are.
  where.add(
    place => `s.conversation_id = any(${place}::bigint[])`,
    conversations === 'all' ? await ownConversations(pool, accountId) : conversations,
  )
  const words = wordsWanted(request)
  if (words !== '') where.add(place => `s.words @@ ${place}::tsquery`, words)
  for (const phrase of phrases) where.add(place => `' ' || search_plain(m.body) || ' ' like ${place}`, `% ${phrase} %`)
  if (afterMicros !== null) where.add(place => `m.created_micros >= ${place}`, afterMicros)
  if (beforeMicros !== null) where.add(place => `m.created_micros < ${place}`, beforeMicros)
  if (unread === 'only') where.always(isUnread)
  if (starred === 'only')
    where.always('exists (select from saves v where v.account_id = k.account_id and v.message_id = m.id)')
  const { rows } = await pool.query<Omit<FoundMessageRow, 'kind'>>(
    `select s.id, s.conversation_id as "conversationId", s.sequence, k.visible_from as "visibleFrom", m.id as "messageId",
            m.author_id as "authorId", m.created_micros as "createdMicros", m.body as text,
            coalesce(m.attached, 0) as "attachmentCount"
       from search_messages s
       join memberships k on k.conversation_id = s.conversation_id and s.sequence >= k.visible_from
       join messages m on m.conversation_id = s.conversation_id and m.sequence = s.sequence and m.version = s.version
                      and m.deleted_micros is null
      where ${where.text} order by ${order} desc limit ${limit}`,
    where.values,
  )
  return rows.map(row => ({ ...row, kind: 'message' }))
}

const isUnread = `m.author_id <> k.account_id and m.sequence > (
  select greatest(p.read, o.sequence) from positions p
    join own_positions o on o.conversation_id = p.conversation_id and o.account_id = p.account_id
   where p.conversation_id = k.conversation_id and p.account_id = k.account_id)`

async function ownConversations(pool: Pool, accountId: AccountId): Promise<readonly ConversationId[]> {
  const { rows } = await pool.query<{ id: ConversationId }>({
    name: 'search_own_conversations',
    text: 'select conversation_id as id from memberships where account_id = $1',
    values: [accountId],
  })
  return rows.map(row => row.id)
}

function findMails(pool: Pool, request: SearchRequest): Promise<readonly FoundMailRow[]> {
  const { mails, from, to } = request
  if (mails === 'none' || from?.length === 0 || to?.length === 0) return Promise.resolve([])
  return newestThenOlder(pool, request, part => findMailsIn(pool, request, part))
}

async function findMailsIn(
  pool: Pool,
  request: SearchRequest,
  { below, from, order, limit }: Part,
): Promise<readonly FoundMailRow[]> {
  const { accountId, mails, to, phrases, unread, starred, afterMicros, beforeMicros } = request
  const where = new Conditions()
  where.add(place => `e.account_id = ${place}`, accountId)
  where.add(place => `s.id < ${place}`, below)
  where.add(place => `s.id >= ${place}`, from)
  if (mails === 'usual') where.always(`e.folder not in ('trash', 'spam')`)
  else where.add(place => `e.folder = ${place}`, mails)
  const words = wordsWanted(request)
  if (words !== '') where.add(place => `s.words @@ ${place}::tsquery`, words)
  for (const phrase of phrases)
    where.add(place => `' ' || search_plain(m.subject || ' ' || m.text) || ' ' like ${place}`, `% ${phrase} %`)
  if (to !== null) where.add(wasSentTo, to)
  if (afterMicros !== null) where.add(place => `e.sort_micros >= ${place}`, afterMicros)
  if (beforeMicros !== null) where.add(place => `e.sort_micros < ${place}`, beforeMicros)
  if (unread === 'only') where.always('e.received and not e.read')
  if (starred === 'only') where.always('e.starred')
  const { rows } = await pool.query<Omit<FoundMailRow, 'kind'>>(
    `select s.id, m.id as "mailId", m.thread_id as "threadId", m.author_id as "authorId", m.subject,
            left(m.text, ${shownOfText}) as text, e.folder, e.sort_micros as "sortMicros", m.attached as "attachmentCount"
       from search_mails s join mailbox_entries e on e.mail_id = s.mail_id join mails m on m.id = s.mail_id
      where ${where.text} order by ${order} desc limit ${limit}`,
    where.values,
  )
  return rows.map(row => ({ ...row, kind: 'mail' }))
}

/** A blind recipient is one to the author and to that recipient only. */
function wasSentTo(place: string): string {
  return `exists (select from mail_recipients r where r.mail_id = m.id and r.account_id = any(${place}::bigint[])
    and (e.authored or r.mode <> 'bcc' or r.account_id = e.account_id))`
}

async function findPeople(pool: Pool, name: string): Promise<readonly AccountId[]> {
  const words = foldWords(name)
  if (words.length === 0) return []
  const { rows } = await pool.query<{ id: AccountId }>(
    `select id from accounts where username_folded = $2
     union all
     (select id from accounts where search_words @@ $1::tsquery
         and not exists (select from accounts a where a.username_folded = $2) order by id limit 100)`,
    [prefixQuery(words), foldName(name.replace(/^@/, ''))],
  )
  return rows.map(row => row.id)
}

async function findConversations(pool: Pool, accountId: AccountId, name: string): Promise<readonly ConversationId[]> {
  const words = foldWords(name)
  if (words.length === 0) return []
  const { rows } = await pool.query<{ id: ConversationId; name: string | null; peer: string | null }>(
    `select c.id, c.name, p.display_name || ' ' || p.username as peer
       from memberships k join conversations c on c.id = k.conversation_id
       left join direct_conversations d on d.conversation_id = c.id
       left join accounts p on p.id = case when d.low = k.account_id then d.high else d.low end
      where k.account_id = $1 order by c.id`,
    [accountId],
  )
  return rows.filter(row => beginsAll(`${row.name ?? ''} ${row.peer ?? ''}`, words)).map(row => row.id)
}

/** Whether each of these words begins one of the text's. */
function beginsAll(text: string, words: readonly string[]): boolean {
  const known = foldWords(text)
  return words.every(word => known.some(each => each.startsWith(word)))
}

/** Ids are drawn in the order of time over messages and mails together, so that results are newest first by them. */
const indexing = `
  with ranges as materialized (
    select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as r(stream_id, low, high)
  ), touched as (
    select m.conversation_id, m.sequence from ranges r
      join messages m on m.conversation_id = r.stream_id and m.sequence > r.low and m.sequence <= r.high
     where m.mail_id is null
    union
    select e.stream_id, e.target from ranges r
      join events e on e.stream_id = r.stream_id and e.sequence > r.low and e.sequence <= r.high
     where e.kind in ('message.edited', 'message.deleted')
  ), texts as materialized (
    select m from touched t join messages m on m.conversation_id = t.conversation_id and m.sequence = t.sequence
  ), letters as materialized (
    select m from ranges r
      join events e on e.stream_id = r.stream_id and e.sequence > r.low and e.sequence <= r.high
      join mails m on m.id = e.target
     where e.kind = 'mail.composed'
  ), numbered as materialized (
    select nextval('search_ids') as id, each.text, each.letter
      from (select (t.m).created_micros as micros, t.m as text, null::mails as letter from texts t
             where (t.m).deleted_micros is null
            union all
            select (l.m).created_micros, null, l.m from letters l order by micros) each
  ), gone as (
    delete from search_messages s using texts t
     where (t.m).deleted_micros is not null
       and s.conversation_id = (t.m).conversation_id and s.sequence = (t.m).sequence
  ), messages_written as (
    insert into search_messages (id, conversation_id, sequence, version, words)
    select n.id, (n.text).conversation_id, (n.text).sequence, (n.text).version, search_message_words(n.text)
      from numbered n where (n.letter).id is null
    on conflict (conversation_id, sequence) do update set version = excluded.version, words = excluded.words
      where search_messages.version < excluded.version
    returning id
  ), mails_written as (
    insert into search_mails (id, mail_id, words)
    select n.id, (n.letter).id, search_mail_words(n.letter) from numbered n where (n.letter).id is not null
    on conflict do nothing returning id
  )
  select (select count(*) from messages_written) + (select count(*) from mails_written) as count`

async function index(pool: Pool, moved: readonly MovedStream[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'search_index',
    text: indexing,
    values: [moved.map(range => range.stream), moved.map(range => range.from), moved.map(range => range.to)],
  })
  return rows[0]?.count ?? 0
}
