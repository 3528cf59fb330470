/** Reads of mails. Those of one account's mailbox are in `mail-views.ts`. */
import type { AccountId, Delivery, MailId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { DeliveriesRequest, MailStore, MailWork, StatusesRow } from '../mail.ts'
import { type DeliveryRow, presentDelivery } from '../mail-view.ts'
import { listPlainMails } from './mail-lists.ts'
import {
  listMails,
  parseStatuses,
  readMails,
  readThread,
  readUnread,
  type StatusesTuple,
  statusesTuple,
} from './mail-views.ts'

export function createMailStore(pool: Pool): MailStore {
  return {
    readMails: (accountId, ids) => readMails(pool, accountId, ids),
    list: request => listMails(pool, request),
    listPlain: request => listPlainMails(pool, request),
    readThread: (accountId, threadId, after, limit) => readThread(pool, { accountId, threadId, after, limit }),
    readUnread: accountId => readUnread(pool, accountId),
    readStatuses: ids => readStatuses(pool, ids),
    listDeliveries: request => listDeliveries(pool, request),
    findWork: limit => findWork(pool, limit),
  }
}

async function readStatuses(pool: Pool, ids: readonly MailId[]): Promise<readonly StatusesRow[]> {
  const { rows } = await pool.query<{ mailId: MailId; authorId: AccountId; statuses: StatusesTuple }>({
    name: 'read_mail_statuses',
    text: `select c.mail_id as "mailId", m.author_id as "authorId", ${statusesTuple} as statuses
             from mail_counts c join mails m on m.id = c.mail_id join register_heads h on h.group_id = c.mail_id
            where c.mail_id = any($1) order by c.mail_id`,
    values: [ids],
  })
  return rows.map(({ mailId, authorId, statuses }) => ({ mailId, authorId, statuses: parseStatuses(statuses) }))
}

async function listDeliveries(pool: Pool, request: DeliveriesRequest): Promise<readonly Delivery[]> {
  const { mailId, viewer, above, after, limit } = request
  const { rows } = await pool.query<DeliveryRow>({
    name: 'list_deliveries',
    text: `select d.number, d.address, d.mode, d.via_group_id as "viaGroupId", d.status, d.sent_micros as "sentMicros",
                  d.delivered_micros as "deliveredMicros", d.read_micros as "readMicros", d.version,
                  case when d.via_group_id is null or member.there then d.account_id end as "accountId"
             from deliveries d
             left join lateral (select true as there from memberships s
               where s.conversation_id = d.via_group_id and s.account_id = $2 offset 0) member on true
            where d.mail_id = $1 and d.number > $4 and (d.version > $3 or $3 = 0) order by d.number limit $5`,
    values: [mailId, viewer, above, after, limit],
  })
  return rows.map(presentDelivery)
}

async function findWork(pool: Pool, limit: number): Promise<MailWork> {
  const { rows } = await pool.query<{
    due: MailId[] | null
    queued: boolean
    snoozed: MailWork['snoozed'] | null
  }>({
    name: 'find_mail_work',
    text: `select (select json_agg(m.id) from (select id from mails where state = 'held' and due_micros <= (select now_micros())
                      order by due_micros, id limit $1) m) as due,
                  exists (select from deliveries where status = 'queued' and account_id is not null) as queued,
                  (select json_agg(json_build_object('accountId', e.account_id, 'mailId', e.mail_id))
                     from (select account_id, mail_id from mailbox_entries where snoozed_until <= (select now_micros())
                            order by snoozed_until, account_id limit $1) e) as snoozed`,
    values: [limit],
  })
  const [row] = rows
  return { due: row?.due ?? [], queued: row?.queued ? 'some' : 'none', snoozed: row?.snoozed ?? [] }
}
