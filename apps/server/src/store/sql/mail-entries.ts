/** Entries of mailboxes. */
import type { AccountId, MailFolder, MailId, MailState } from '@recado/protocol'
import type { Client } from 'pg'
import type { Arrival, EntryRow } from '../mail.ts'

/** The columns of an entry `e`. */
export const entryColumns = `e.account_id as entry_account, e.mail_id as entry_mail, e.folder as entry_folder,
  e.authored as entry_authored, e.received as entry_received, e.delivery_number as entry_delivery, e.read as entry_read,
  e.starred as entry_starred, e.labels as entry_labels, e.snoozed_until as entry_snoozed, e.sort_micros as entry_sort,
  e.version as entry_version`

export interface EntryColumns {
  readonly entry_account: AccountId
  readonly entry_mail: MailId
  readonly entry_folder: MailFolder
  readonly entry_authored: boolean
  readonly entry_received: boolean
  readonly entry_delivery: number | null
  readonly entry_read: boolean
  readonly entry_starred: boolean
  readonly entry_labels: string[]
  readonly entry_snoozed: number | null
  readonly entry_sort: number
  readonly entry_version: number
}

export function parseEntry(row: EntryColumns): EntryRow {
  return {
    accountId: row.entry_account,
    mailId: row.entry_mail,
    folder: row.entry_folder,
    authored: row.entry_authored,
    received: row.entry_received,
    deliveryNumber: row.entry_delivery,
    read: row.entry_read,
    starred: row.entry_starred,
    labels: row.entry_labels,
    snoozedUntil: row.entry_snoozed,
    sortMicros: row.entry_sort,
    version: row.entry_version,
  }
}

export async function findEntries(client: Client, accountId: AccountId, mailIds: readonly MailId[]) {
  const { rows } = await client.query<EntryColumns & { state: MailState }>({
    name: 'mail_find_entries',
    text: `select ${entryColumns}, m.state from mailbox_entries e join mails m on m.id = e.mail_id
      where e.account_id = $1 and e.mail_id = any($2) order by e.mail_id`,
    values: [accountId, mailIds],
  })
  return rows.map(row => ({ ...parseEntry(row), state: row.state }))
}

export async function putEntries(client: Client, entries: readonly EntryRow[]): Promise<void> {
  await client.query({
    name: 'mail_put_entries',
    text: `insert into mailbox_entries (account_id, mail_id, folder, authored, received, delivery_number, read, starred, labels,
                                  snoozed_until, sort_micros, version)
     select account_id, mail_id, folder, authored, received, delivery_number, read, starred,
            array(select jsonb_array_elements_text(labels)), snoozed_until, sort_micros, version
       from unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[], $5::boolean[], $6::integer[], $7::boolean[],
                   $8::boolean[], $9::jsonb[], $10::bigint[], $11::bigint[], $12::bigint[])
            as e(account_id, mail_id, folder, authored, received, delivery_number, read, starred, labels, snoozed_until,
                 sort_micros, version)
     on conflict (account_id, mail_id) do update set folder = excluded.folder, read = excluded.read,
       starred = excluded.starred, labels = excluded.labels, snoozed_until = excluded.snoozed_until,
       sort_micros = excluded.sort_micros, version = excluded.version`,
    values: [
      entries.map(entry => entry.accountId),
      entries.map(entry => entry.mailId),
      entries.map(entry => entry.folder),
      entries.map(entry => entry.authored),
      entries.map(entry => entry.received),
      entries.map(entry => entry.deliveryNumber),
      entries.map(entry => entry.read),
      entries.map(entry => entry.starred),
      entries.map(entry => JSON.stringify(entry.labels)),
      entries.map(entry => entry.snoozedUntil),
      entries.map(entry => entry.sortMicros),
      entries.map(entry => entry.version),
    ],
  })
}

/** Of its author, if it is one's own: then it is in the inbox as well as among what one sent. */
export async function insertArrivals(client: Client, arrivals: readonly Arrival[], micros: number): Promise<void> {
  await client.query({
    name: 'mail_insert_arrivals',
    text: `insert into mailbox_entries (account_id, mail_id, folder, authored, received, delivery_number, read, sort_micros, version)
     select account_id, mail_id, 'inbox', false, true, number, false, $5, sequence
       from unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[]) as a(account_id, mail_id, number, sequence)
     on conflict (account_id, mail_id) do update set folder = 'inbox', received = true, read = false,
       delivery_number = excluded.delivery_number, sort_micros = excluded.sort_micros, version = excluded.version`,
    values: [
      arrivals.map(arrival => arrival.accountId),
      arrivals.map(arrival => arrival.mailId),
      arrivals.map(arrival => arrival.number),
      arrivals.map(arrival => arrival.sequence),
      micros,
    ],
  })
}
