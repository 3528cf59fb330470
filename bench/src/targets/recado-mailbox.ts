/**
 * A mailbox that was filled over years, in few statements: what sending one by one would have left in the tables that mail is
 * read from. Neither conversations nor events tell of it, which nobody reads in a mailbox.
 */
import type pg from 'pg'
import type { Ticket } from '../driver/job.ts'

const words =
  'ferry crane quay invoice container harbour schedule delay receipt customs manifest berth reunião amanhã porto ' +
  'contêiner atraso fatura coração relatório mañana puerto atraque factura corazón informe entrega semana after before ' +
  'please thanks tonight storm wind repair engine crew captain deck cargo freight order number signed approved rejected'

export interface MailboxPast {
  readonly reader: Ticket
  readonly authors: readonly Ticket[]
  readonly count: number
}

/** Each from one of the authors to the reader, a minute apart, the newest now; five in a thread. */
export async function seedMailbox(database: pg.Client, { reader, authors, count }: MailboxPast): Promise<void> {
  await database.query('begin')
  await database.query(
    `create temporary table past on commit drop as
     select n, nextval('stream_ids') as id, ($1::bigint[])[1 + n % cardinality($1::bigint[])] as author,
            (extract(epoch from now()) * 1000000)::bigint - ($2 - n)::bigint * 60000000 as micros
       from generate_series(1, $2::int) as n order by n`,
    [authors.map(author => author.accountId), count],
  )
  await database.query(
    `insert into mails (id, thread_id, author_id, subject, text, state, created_micros, due_micros, released_micros)
     select p.id, first_value(p.id) over (partition by (p.n - 1) / 5 order by p.n), p.author,
            'Re: ' || t.words[1] || ' ' || t.words[2] || ' ' || p.n, array_to_string(t.words, ' '), 'released', p.micros, p.micros, p.micros
       from past p
      cross join lateral (
        select array_agg(w.list[1 + floor(random() * cardinality(w.list))::int]) as words
          from (select string_to_array($1, ' ') as list) as w cross join generate_series(1, 60 + (p.n * 0)::int)
      ) as t`,
    [words],
  )
  await database.query(
    `insert into mail_recipients (mail_id, place, mode, account_id) select id, 0, 'to', $1::bigint from past`,
    [reader.accountId],
  )
  await database.query(
    `insert into deliveries (mail_id, number, account_id, mode, conversation_id, status, sent_micros, delivered_micros, version)
     select id, 1, $1::bigint, 'to', id, 'delivered', micros, micros, 1 from past`,
    [reader.accountId],
  )
  await database.query(`insert into mail_counts (mail_id, delivered) select id, 1 from past`)
  // One in ten is starred, one in a hundred not read.
  await database.query(
    `insert into mailbox_entries (account_id, mail_id, folder, authored, received, delivery_number, read, starred, sort_micros, version)
     select $1::bigint, id, case when n % 2 = 0 then 'inbox' else 'archive' end, false, true, 1, n % 100 <> 0, n % 10 = 0, micros, 1
       from past
     union all select author, id, 'sent', true, false, null, true, false, micros, 1 from past`,
    [reader.accountId],
  )
  await database.query('commit')
  await database.query('vacuum analyze')
  await database.query('checkpoint')
}
