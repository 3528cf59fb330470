/**
 * A past that can be searched: messages whose words are as unequally frequent as those of a language, in conversations of which
 * one reader is in some, and what search keeps of them, made as the migration makes it for what was there before it.
 */
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

/** Answers with the seconds that it took: the rows, and the indexes. */
export async function fillSearch(database: pg.Client): Promise<{ readonly rows: number; readonly indexes: number }> {
  const seconds = async (...statements: readonly string[]) => {
    const from = performance.now()
    for (const statement of statements) await database.query(statement)
    return (performance.now() - from) / 1_000
  }
  await database.query('drop index search_messages_words')
  await database.query('drop index search_mails_words')
  const rows = await seconds(
    `insert into search_messages (conversation_id, sequence, version, words)
     select m.conversation_id, m.sequence, m.version, search_message_words(m) from messages m
      where m.body is not null and m.mail_id is null order by m.created_micros, m.id on conflict do nothing`,
    'insert into search_mails (mail_id, words) select m.id, search_mail_words(m) from mails m order by m.id on conflict do nothing',
  )
  const options = 'using gin (words) with (fastupdate = on, gin_pending_list_limit = 256)'
  const indexes = await seconds(
    `create index search_messages_words on search_messages ${options}`,
    `create index search_mails_words on search_mails ${options}`,
  )
  await database.query('vacuum analyze')
  await database.query('checkpoint')
  return { rows, indexes }
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
