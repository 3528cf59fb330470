/**
 * A past that can be searched: messages whose words are as unequally frequent as those of a language, in conversations of which
 * one reader is in some, and what search keeps of them.
 */
import { indexPast } from '@recado/server/store/sql/search-index.ts'
import type pg from 'pg'

export interface SearchPast {
  readonly conversations: readonly number[]
  readonly authors: readonly number[]
  readonly count: number
  /** From the most frequent to the rarest: each about as frequent as its place allows (Zipf). */
  readonly vocabulary: readonly string[]
  /** A word of one message in ten in these conversations, and in no other. */
  readonly elsewhere: { readonly word: string; readonly conversations: readonly number[] }
}

/** A minute apart, the newest now. */
export async function seedSearch(database: pg.Client, past: SearchPast): Promise<void> {
  const { conversations, authors, count, vocabulary, elsewhere } = past
  await database.query('begin')
  await database.query(
    'create temporary table words on commit drop as select * from unnest($1::text[]) with ordinality w(word, place)',
    [vocabulary],
  )
  await database.query('alter table words add primary key (place)')
  await database.query('analyze words')
  // Else each message would hash all words to draw a dozen.
  await database.query('set local enable_hashjoin = off')
  await database.query('set local enable_mergejoin = off')
  await database.query(
    `insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, created_micros)
     select p.conversation, h.sequence + p.place, h.ordinal + p.place, nextval('message_ids'), p.author, 'past.' || p.place, '',
            t.body || case when p.conversation = any($5::bigint[]) and p.n % 10 = 0 then ' ' || $4 else '' end
                   || case when p.n % 49 = 0 then ' https://recado.example/' || p.n else '' end,
            (extract(epoch from now()) * 1000000)::bigint - ($3::bigint - p.n) * 60000000
       from (select n, c.conversation, ($2::bigint[])[1 + n % cardinality($2::bigint[])] as author,
                    row_number() over (partition by c.conversation order by n) as place
               from generate_series(1, $3::int) as n
              cross join lateral (
                select ($1::bigint[])[1 + floor(cardinality($1::bigint[]) * power(random(), 1.5) + n * 0)::int] as conversation) c) p
       join heads h on h.stream_id = p.conversation
      cross join lateral (
        select string_agg(w.word, ' ') as body
          from (select floor(exp(random() * ln($6::int + 1)))::bigint as place from generate_series(1, 8 + (p.n % 9)::int)) drawn
          join words w on w.place = drawn.place) t
      order by p.n`,
    [conversations, authors, count, elsewhere.word, elsewhere.conversations, vocabulary.length],
  )
  await database.query(
    `update heads h set sequence = n.sequence, ordinal = n.ordinal, message_sequence = n.sequence
       from (select conversation_id, max(sequence) as sequence, max(ordinal) as ordinal from messages group by 1) n
      where h.stream_id = n.conversation_id`,
  )
  await database.query('commit')
  await database.query('vacuum analyze')
}

const rowsPerTurn = 50
const turnsMeasured = 200

/**
 * All that waits, in the order of time. Some of it as the server reads it behind its back, the rest at once: that would take too long.
 * Answers with how many messages a second the server would read if it did not rest.
 */
export async function fillSearch(database: pg.Client): Promise<{ readonly perSecond: number }> {
  await database.query(
    `insert into search_past (id, conversation_id, sequence, mail_id)
     select -row_number() over (order by micros desc, id desc), conversation_id, sequence, mail_id
       from (select created_micros as micros, id, conversation_id, sequence, null::bigint as mail_id from messages
              where body is not null and messages.mail_id is null
             union all select created_micros, id, null, null, id from mails) every
     on conflict do nothing`,
  )
  const from = performance.now()
  for (let turn = 0; turn < turnsMeasured; turn++) await indexPast(database, rowsPerTurn)
  const seconds = (performance.now() - from) / 1_000
  const options = 'using gin (words) with (fastupdate = on, gin_pending_list_limit = 256)'
  for (const statement of [
    'drop index search_messages_words',
    'drop index search_mails_words',
    `insert into search_messages (id, conversation_id, sequence, version, micros, words)
     select p.id, m.conversation_id, m.sequence, m.version, m.created_micros,
            search_message_words(m) || array_to_tsvector(search_places(p.id))
       from search_past p join messages m on m.conversation_id = p.conversation_id and m.sequence = p.sequence order by p.id
     on conflict do nothing`,
    `insert into search_mails (id, mail_id, words)
     select p.id, m.id, search_mail_words(m) || array_to_tsvector(search_places(p.id))
       from search_past p join mails m on m.id = p.mail_id order by p.id
     on conflict do nothing`,
    'truncate search_past',
    `create index search_messages_words on search_messages ${options}`,
    `create index search_mails_words on search_mails ${options}`,
    'vacuum analyze',
    'checkpoint',
  ])
    await database.query(statement)
  return { perSecond: (rowsPerTurn * turnsMeasured) / seconds }
}

/** Another than the server holds the lease of the tail's consumer, so the server does nothing for search; or nobody does. */
export async function holdSearch(database: pg.Client, state: 'held' | 'free'): Promise<void> {
  await database.query(
    `insert into tail_leases (consumer, holder, until_micros) values ('search', 'bench', $1)
     on conflict (consumer) do update set holder = excluded.holder, until_micros = excluded.until_micros`,
    [state === 'held' ? Number.MAX_SAFE_INTEGER : 0],
  )
}

export async function countSearched(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>('select count(*)::integer as count from search_messages')
  return rows[0]?.count ?? 0
}

export async function countVisible(database: pg.Client, accountId: number): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::integer as count from messages m join memberships k on k.conversation_id = m.conversation_id and k.account_id = $1`,
    [accountId],
  )
  return rows[0]?.count ?? 0
}
