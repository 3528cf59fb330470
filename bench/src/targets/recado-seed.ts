/**
 * A long past in few statements: messages and the heads they moved, as sending one by one would have left
 * them. The commit journal does not tell of them, since nobody is behind.
 */
import type pg from 'pg'
import type { Room } from '../driver/job.ts'

export async function seedMessages(database: pg.Client, rooms: readonly Room[], count: number): Promise<void> {
  const conversations = rooms.map(room => room.conversation)
  const authors = rooms.map(room => room.members[0]?.accountId)
  await database.query('begin')
  await database.query(
    `create temporary table past on commit drop as
     select h.stream_id as conversation, r.author, h.sequence + n as sequence, h.ordinal + n as ordinal, h.micros + n as micros
       from unnest($1::bigint[], $2::bigint[]) as r(conversation, author)
       join heads h on h.stream_id = r.conversation
      cross join generate_series(1, $3::int) as n
      order by n, h.stream_id`,
    [conversations, authors, Math.ceil(count / rooms.length)],
  )
  await database.query(
    `insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, fingerprint, body, created_micros)
     select conversation, sequence, ordinal, nextval('message_ids'), author, 'past.' || sequence, md5(sequence::text),
            repeat('x', 80), micros
       from past`,
  )
  await database.query(
    `update heads set sequence = newest.sequence, ordinal = newest.ordinal, message_sequence = newest.sequence, micros = newest.micros
       from (select conversation, max(sequence) as sequence, max(ordinal) as ordinal, max(micros) as micros
               from past group by conversation) as newest
      where stream_id = newest.conversation`,
  )
  await database.query('commit')
  await database.query('vacuum analyze')
  await database.query('checkpoint')
}
