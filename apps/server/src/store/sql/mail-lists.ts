/** Mails as the mail API lists them: texts and names, a page at a time by the index of the list. */
import type { Pool } from 'pg'
import type { PlainMail, PlainMailRequest } from '../mail.ts'

const received = `
  with page as materialized (
    select k.mail_id, k.sort_micros, k.read from mailbox_entries k
     where k.account_id = $1 and k.received and k.folder <> 'trash' and (k.sort_micros, k.mail_id) > ($2, $3)
     order by k.sort_micros, k.mail_id limit $4)
  select m.id, a.id as "senderId", coalesce(a.username, '') as "senderName", $1::bigint as "recipientId",
         o.username as "recipientName", m.subject, m.text, m.released_micros as "sentMicros", p.read,
         p.sort_micros as "sortMicros"
    from page p join mails m on m.id = p.mail_id join accounts o on o.id = $1 left join accounts a on a.id = m.author_id
   order by p.sort_micros, p.mail_id`

/** A person before a group or an address, whichever was written first. */
const sent = `
  with page as materialized (
    select k.mail_id, k.sort_micros from mailbox_entries k
     where k.account_id = $1 and k.authored and k.folder not in ('unsent', 'trash')
       and (k.sort_micros, k.mail_id) > ($2, $3)
     order by k.sort_micros, k.mail_id limit $4)
  select m.id, m.author_id as "senderId", o.username as "senderName", r.account_id as "recipientId",
         coalesce(a.username, g.name, r.address, '') as "recipientName", m.subject, m.text,
         m.released_micros as "sentMicros", coalesce(d.status = 'read', false) as read, p.sort_micros as "sortMicros"
    from page p join mails m on m.id = p.mail_id join accounts o on o.id = $1
    left join lateral (select k.account_id, k.group_id, k.address from mail_recipients k where k.mail_id = m.id
      order by (k.account_id is null), k.place limit 1) r on true
    left join accounts a on a.id = r.account_id
    left join conversations g on g.id = r.group_id
    left join lateral (select k.status from deliveries k where k.mail_id = m.id and k.account_id = r.account_id
      order by k.number limit 1) d on true
   order by p.sort_micros, p.mail_id`

export async function listPlainMails(pool: Pool, request: PlainMailRequest): Promise<readonly PlainMail[]> {
  const { accountId, box, after, limit } = request
  const { rows } = await pool.query<PlainMail>({
    name: `list_plain_mails_${box}`,
    text: box === 'received' ? received : sent,
    values: [accountId, after?.micros ?? -1, after?.id ?? -1, limit],
  })
  return rows
}
