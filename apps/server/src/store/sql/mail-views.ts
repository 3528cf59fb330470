/** Mails as one account sees them: each read is one statement, whatever it holds. */
import type {
  AccountId,
  Attachment,
  ConversationId,
  Mail,
  MailId,
  MailStatuses,
  RecipientMode,
  UnreadMails,
} from '@recado/protocol'
import type { Pool } from 'pg'
import type { EntryView, ListedMail, MailListRequest } from '../mail.ts'
import { type MailViewRow, presentHeader, presentMail, previewLength, type WrittenRecipient } from '../mail-view.ts'
import { type EntryColumns, entryColumns, parseEntry } from './mail-entries.ts'
import { attachmentJson } from './media.ts'

/** mode, account, group, its name, address */
type RecipientTuple = [RecipientMode, AccountId | null, ConversationId | null, string | null, string | null]
/** queued, sent, delivered, read, failed, cancelled, version */
export type StatusesTuple = [number, number, number, number, number, number, number]

interface ViewColumns
  extends EntryColumns,
    Omit<MailViewRow, 'recipients' | 'attachments' | 'statuses' | 'entry' | 'own' | 'text' | 'html'> {
  readonly text: string
  readonly html: string | null
  readonly recipients: RecipientTuple[]
  readonly attachments: Attachment[] | null
  readonly statuses: StatusesTuple | null
  readonly ownMode: RecipientMode | null
  readonly ownVia: ConversationId | null
}

export const statusesTuple = `json_build_array(c.queued, c.sent, c.delivered, c.read, c.failed, c.cancelled, h.version)`

const attachmentsOf = `case when m.attached > 0 then (select json_agg(${attachmentJson} order by a.place)
  from mail_attachments a join media f on f.id = a.media_id where a.mail_id = m.id) end as attachments`

/** Of an entry `e` and its mail `m`. */
function viewColumns(detail: 'full' | 'header'): string {
  const body =
    detail === 'full'
      ? `m.text, m.html, ${attachmentsOf}`
      : `left(m.text, ${previewLength * 2}) as text, null::text as html, null::json as attachments`
  return `${entryColumns}, m.id, m.thread_id as "threadId", m.in_reply_to as "inReplyTo", m.author_id as "authorId", m.subject,
    m.attached as "attachmentCount", m.state, m.failure, m.created_micros as "createdMicros", m.due_micros as "dueMicros",
    m.released_micros as "releasedMicros", ${body},
    (select json_agg(json_build_array(r.mode, r.account_id, r.group_id, g.name, r.address) order by r.place)
       from mail_recipients r left join conversations g on g.id = r.group_id where r.mail_id = m.id) as recipients,
    (select ${statusesTuple} from mail_counts c join register_heads h on h.group_id = c.mail_id
      where e.authored and c.mail_id = m.id) as statuses,
    d.mode as "ownMode", d.via_group_id as "ownVia"`
}

const ownDelivery = 'left join deliveries d on d.mail_id = e.mail_id and d.number = e.delivery_number'

export function parseStatuses(tuple: StatusesTuple): MailStatuses {
  const [queued, sent, delivered, read, failed, cancelled, version] = tuple
  return { queued, sent, delivered, read, failed, cancelled, version }
}

function parseView(row: ViewColumns): MailViewRow {
  const { recipients, attachments, statuses, ownMode, ownVia, ...mail } = row
  return {
    ...mail,
    recipients: (recipients ?? []).map(parseRecipient),
    attachments: attachments ?? [],
    statuses: statuses === null ? null : parseStatuses(statuses),
    entry: parseEntry(row),
    own: ownMode === null ? null : { mode: ownMode, viaGroupId: ownVia },
  }
}

function parseRecipient([mode, accountId, groupId, name, address]: RecipientTuple): WrittenRecipient {
  return { mode, accountId, groupId, name, address }
}

export async function readMails(pool: Pool, accountId: AccountId, ids: readonly MailId[]): Promise<readonly Mail[]> {
  const { rows } = await pool.query<ViewColumns>({
    name: 'read_mails',
    text: `select ${viewColumns('full')} from mailbox_entries e join mails m on m.id = e.mail_id ${ownDelivery}
            where e.account_id = $1 and e.mail_id = any($2) order by e.mail_id`,
    values: [accountId, ids],
  })
  return rows.map(row => presentMail(parseView(row)))
}

/** The same without the texts, for events. */
export async function readHeaders(pool: Pool, accountId: AccountId, ids: readonly number[]) {
  const { rows } = await pool.query<ViewColumns>({
    name: 'read_mail_headers',
    text: `select ${viewColumns('header')} from mailbox_entries e join mails m on m.id = e.mail_id ${ownDelivery}
            where e.account_id = $1 and e.mail_id = any($2)`,
    values: [accountId, ids],
  })
  return new Map(rows.map(row => [row.id as number, presentHeader(parseView(row))]))
}

export async function readThread(
  pool: Pool,
  { accountId, threadId, after, limit }: { accountId: AccountId; threadId: MailId; after: number; limit: number },
): Promise<readonly Mail[]> {
  const { rows } = await pool.query<ViewColumns>({
    name: 'read_thread',
    text: `select ${viewColumns('full')} from mails m
             join mailbox_entries e on e.mail_id = m.id and e.account_id = $1 ${ownDelivery}
            where m.thread_id = $2 and m.id > $3 order by m.id limit $4`,
    values: [accountId, threadId, after, limit],
  })
  return rows.map(row => presentMail(parseView(row)))
}

/** Which entries a list holds. */
const conditions: Readonly<Record<EntryView, string>> = {
  inbox: `k.folder = 'inbox' and k.snoozed_until is null`,
  archive: `k.folder = 'archive'`,
  trash: `k.folder = 'trash'`,
  spam: `k.folder = 'spam'`,
  unsent: `k.folder = 'unsent'`,
  sent: `k.authored and k.folder not in ('unsent', 'trash')`,
  starred: `k.starred and k.folder not in ('trash', 'spam')`,
  snoozed: 'k.snoozed_until is not null',
  received: `k.received and k.folder <> 'trash'`,
  labelled: `k.labels <> '{}' and k.labels @> array[$6::text] and k.folder <> 'trash'`,
}

export async function listMails(pool: Pool, request: MailListRequest): Promise<readonly ListedMail[]> {
  const { accountId, view, label, only, order, after, limit } = request
  const [direction, beyond, start] = order === 'newest' ? ['desc', '<', Number.MAX_SAFE_INTEGER] : ['asc', '>', -1]
  const values = [accountId, after?.micros ?? start, after?.id ?? start, limit, only === 'all']
  const { rows } = await pool.query<ViewColumns>({
    name: `list_mails_${view}_${order}`,
    text: `with page as materialized (
             select k.* from mailbox_entries k
              where k.account_id = $1 and ${conditions[view]} and ($5 or (k.received and not k.read))
                and (k.sort_micros, k.mail_id) ${beyond} ($2, $3)
              order by k.sort_micros ${direction}, k.mail_id ${direction} limit $4)
           select ${viewColumns('header')} from page e join mails m on m.id = e.mail_id ${ownDelivery}
            order by e.sort_micros ${direction}, e.mail_id ${direction}`,
    values: view === 'labelled' ? [...values, label] : values,
  })
  return rows.map(row => ({ header: presentHeader(parseView(row)), sortMicros: row.entry_sort }))
}

export async function readUnread(pool: Pool, accountId: AccountId): Promise<UnreadMails> {
  const { rows } = await pool.query<UnreadMails>({
    name: 'read_unread_mails',
    text: `select (select count(*) from mailbox_entries e where e.account_id = $1 and e.folder = 'inbox' and not e.read
                      and e.snoozed_until is null) as count,
                  (select h.sequence from heads h where h.stream_id = $1) as version`,
    values: [accountId],
  })
  return { count: rows[0]?.count ?? 0, version: rows[0]?.version ?? 0 }
}
