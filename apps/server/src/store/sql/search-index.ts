/** What search keeps: the words of what was written since, and of what was there before. */
import type { Client, Pool } from 'pg'
import type { MovedStream } from '../store.ts'

/**
 * Ids are drawn in the order of time over messages and mails together, so that results are newest first by them. What still
 * waits to be read keeps the id that it waits with.
 */
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
  ), waiting as (
    delete from search_past p using texts t
     where p.conversation_id = (t.m).conversation_id and p.sequence = (t.m).sequence
    returning p.id, p.conversation_id, p.sequence
  ), letters as materialized (
    select m from ranges r
      join events e on e.stream_id = r.stream_id and e.sequence > r.low and e.sequence <= r.high
      join mails m on m.id = e.target
     where e.kind = 'mail.composed'
  ), numbered as materialized (
    select coalesce(each.id, nextval('search_ids')) as id, each.text, each.letter
      from (select (t.m).created_micros as micros, w.id, t.m as text, null::mails as letter
              from texts t left join waiting w on w.conversation_id = (t.m).conversation_id and w.sequence = (t.m).sequence
             where (t.m).deleted_micros is null
            union all
            select (l.m).created_micros, null, null, l.m from letters l order by micros) each
  ), gone as (
    delete from search_messages s using texts t
     where (t.m).deleted_micros is not null
       and s.conversation_id = (t.m).conversation_id and s.sequence = (t.m).sequence
  ), ${written('numbered')}
  select (select count(*) from messages_written) + (select count(*) from mails_written) as count`

/** Rows for the texts and letters of a list. A row that is there keeps its id, and the newest version of a text wins. */
function written(list: string): string {
  return `messages_written as (
    insert into search_messages (id, conversation_id, sequence, version, micros, words)
    select n.id, (n.text).conversation_id, (n.text).sequence, (n.text).version, (n.text).created_micros,
           search_message_words(n.text) || array_to_tsvector(search_places(n.id))
      from ${list} n where (n.text).id is not null
    on conflict (conversation_id, sequence) do update set version = excluded.version,
      words = ts_delete(excluded.words, search_places(excluded.id)) || array_to_tsvector(search_places(search_messages.id))
      where search_messages.version < excluded.version
    returning id
  ), mails_written as (
    insert into search_mails (id, mail_id, words)
    select n.id, (n.letter).id, search_mail_words(n.letter) || array_to_tsvector(search_places(n.id))
      from ${list} n where (n.letter).id is not null
    on conflict do nothing returning id
  )`
}

/** Whoever else takes the same rows waits for this one and then finds them gone. */
const indexingThePast = `
  with taken as materialized (
    delete from search_past p
     using (select id from search_past order by id desc limit $1 for update skip locked) next where p.id = next.id
    returning p.id, p.conversation_id, p.sequence, p.mail_id
  ), past as materialized (
    select t.id, m as text, l as letter from taken t
      left join messages m on m.conversation_id = t.conversation_id and m.sequence = t.sequence and m.deleted_micros is null
      left join mails l on l.id = t.mail_id
  ), ${written('past')}
  select count(*) as count from taken`

export async function index(pool: Pool, moved: readonly MovedStream[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'search_index',
    text: indexing,
    values: [moved.map(range => range.stream), moved.map(range => range.from), moved.map(range => range.to)],
  })
  return rows[0]?.count ?? 0
}

export async function indexPast(pool: Pool | Client, limit: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'search_index_past',
    text: indexingThePast,
    values: [limit],
  })
  return rows[0]?.count ?? 0
}
