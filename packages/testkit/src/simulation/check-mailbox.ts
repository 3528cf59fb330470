/** The mailbox that one program shows, against the rows of the store (S1, L11). */
import type { MailView } from '@recado/client'
import type { MailHeader } from '@recado/protocol'
import type { EntryRow } from '@recado/server/store/mail.ts'
import { same } from './check-client.ts'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import { type Mailbox, shownViews } from './mailbox.ts'

export function checkMailbox(facts: Facts, mailbox: Mailbox, complain: Complain): void {
  const say: Complain = what => complain(`${mailbox.device}: ${what}`)
  const entries = [...facts.tables.entries.values()].filter(entry => entry.accountId === mailbox.accountId)
  const places = new Map(entries.map(entry => [entry.mailId, entry]))
  const ofTime = (entry: EntryRow) => Math.floor(entry.sortMicros / 1000)
  entries.sort((a, b) => ofTime(b) - ofTime(a) || b.mailId - a.mailId)
  for (const view of shownViews) {
    const shown = mailbox.list(view)
    if (!shown || shown.hasOlder)
      say(`${JSON.stringify(view)} did not load to the end: ${JSON.stringify(shown?.problem)}`)
    const rows = entries.filter(entry => isListed(entry, view))
    same(
      `mails of ${JSON.stringify(view)}`,
      shown?.items.map(describeShown),
      rows.map(row => describeRow(facts, row)),
      say,
    )
  }
  const inInbox = entries.filter(({ folder, snoozedUntil }) => folder === 'inbox' && snoozedUntil === null)
  same('unread mails', mailbox.unread, inInbox.filter(({ read }) => !read).length, say)
  for (const [mailId, handle] of mailbox.deliveries) {
    if (!places.has(mailId)) continue
    const rows = [...facts.tables.deliveries.values()].filter(row => row.mailId === mailId)
    const { items, statuses } = handle.getSnapshot()
    if (facts.tables.mails.get(`${mailId}`)?.state !== 'released') continue
    same(`counted statuses of ${mailId}`, statuses, countStatuses(facts, mailId), say)
    same(
      `statuses of ${mailId}`,
      items.map(({ number, status, version }) => [number, status, version]),
      rows.sort((a, b) => a.number - b.number).map(({ number, status, version }) => [number, status, version]),
      say,
    )
  }
}

function isListed(entry: EntryRow, view: MailView): boolean {
  const { folder, authored, received, read, starred, labels, snoozedUntil } = entry
  if (view.only === 'unread' && (read || !received)) return false
  const isKept = folder !== 'trash'
  if (view.folder === 'labelled') return isKept && labels.includes(view.label)
  if (view.folder === 'sent') return authored && isKept && folder !== 'unsent'
  if (view.folder === 'starred') return starred && isKept && folder !== 'spam'
  if (view.folder === 'snoozed') return entry.snoozedUntil !== null
  if (view.folder === 'received') return received && isKept
  return folder === view.folder && (folder !== 'inbox' || snoozedUntil === null)
}

function describeShown({ id, subject, state, statuses, entry }: MailHeader): unknown {
  const { version, folder, authored, received, read, starred, labels } = entry
  return { id, subject, state, version, folder, authored, received, read, starred, labels, statuses }
}

function describeRow(facts: Facts, entry: EntryRow): unknown {
  const { mailId, version, folder, authored, received, read, starred, labels } = entry
  const mail = facts.tables.mails.get(`${mailId}`)
  const statuses = authored && mail?.state === 'released' ? countStatuses(facts, mailId) : null
  const { subject, state } = mail ?? {}
  return { id: mailId, subject, state, version, folder, authored, received, read, starred, labels, statuses }
}

function countStatuses(facts: Facts, mailId: number): Record<string, number> {
  const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0 }
  for (const row of facts.tables.deliveries.values()) if (row.mailId === mailId) counts[row.status] += 1
  return { ...counts, version: facts.tables.registerHeads.get(`${mailId}`)?.version ?? 0 }
}
