/** Mails, their deliveries and entries as readers get them. */
import type { AccountId, EventData, MailId, MailStatuses, UnreadMails } from '@recado/protocol'
import type {
  DeliveriesRequest,
  EntryRow,
  EntryView,
  MailListRequest,
  MailStore,
  MailWork,
  PlainMail,
  PlainMailRequest,
} from '@recado/server/store/mail.ts'
import { type MailViewRow, presentDelivery, presentHeader, presentMail } from '@recado/server/store/mail-view.ts'
import type { Call } from './accounts.ts'
import { attachmentOf, requireMedia } from './attachments.ts'
import type { ModelDatabase } from './database.ts'
import { registersOf } from './streams.ts'
import type { View } from './tables.ts'

export function createMailStore(database: ModelDatabase, call: Call): MailStore {
  const entriesOf = (accountId: AccountId) => database.find('entries', entry => entry.accountId === accountId)
  return {
    readMails: (accountId, ids) =>
      call(() => {
        const entries = entriesOf(accountId).filter(entry => ids.includes(entry.mailId))
        return entries.sort((a, b) => a.mailId - b.mailId).map(entry => presentMail(viewOf(database, entry)))
      }),
    list: request =>
      call(() =>
        cutPage(entriesOf(request.accountId), request).map(entry => {
          return { header: presentHeader(viewOf(database, entry)), sortMicros: entry.sortMicros }
        }),
      ),
    listPlain: request => call(() => listPlain(database, request)),
    readThread: (accountId, threadId, after, limit) =>
      call(() =>
        entriesOf(accountId)
          .filter(entry => entry.mailId > after && database.get('mails', entry.mailId)?.threadId === threadId)
          .sort((a, b) => a.mailId - b.mailId)
          .slice(0, limit)
          .map(entry => presentMail(viewOf(database, entry))),
      ),
    readUnread: accountId => call(() => unreadOf(database, accountId)),
    readStatuses: ids =>
      call(() =>
        database
          .find('mails', mail => ids.includes(mail.id) && mail.state === 'released')
          .sort((a, b) => a.id - b.id)
          .map(({ id, authorId }) => ({ mailId: id, authorId, statuses: statusesOf(database, id) })),
      ),
    listDeliveries: request => call(() => listDeliveries(database, request)),
    findWork: limit => call(() => findWork(database, limit)),
  }
}

/** The mail of an event in this account's own stream. */
export function presentMailChange(view: View, accountId: AccountId, mailId: MailId): EventData['mail.arrived'] {
  const entry = view.get('entries', accountId, mailId)
  if (entry === undefined) throw new Error('an event names a mail that is not in the mailbox')
  return { mailId, mail: presentHeader(viewOf(view, entry)), unread: unreadOf(view, accountId) }
}

function viewOf(view: View, entry: EntryRow): MailViewRow {
  const mail = view.get('mails', entry.mailId)
  if (mail === undefined) throw new Error('an entry names a mail that is not there')
  const delivery = entry.deliveryNumber === null ? undefined : view.get('deliveries', mail.id, entry.deliveryNumber)
  return {
    ...mail,
    failure: mail.failure === null ? null : [...mail.failure],
    recipients: mail.recipients.map(recipient => {
      const group = recipient.groupId === null ? undefined : view.get('conversations', recipient.groupId)
      return { ...recipient, name: group?.name ?? null }
    }),
    statuses: mail.state === 'released' ? statusesOf(view, mail.id) : null,
    attachmentCount: mail.mediaIds.length,
    attachments: mail.mediaIds.map(id => attachmentOf(requireMedia(view, id))),
    entry,
    own: delivery === undefined ? null : { mode: delivery.mode, viaGroupId: delivery.viaGroupId },
  }
}

function statusesOf(view: View, mailId: MailId): MailStatuses {
  const statuses = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0 }
  for (const delivery of view.find('deliveries', row => row.mailId === mailId)) statuses[delivery.status] += 1
  return { ...statuses, version: registersOf(view, mailId) }
}

function unreadOf(view: View, accountId: AccountId): UnreadMails {
  const unread = view.find('entries', entry => entry.accountId === accountId && !entry.read && isIn(entry, 'inbox'))
  return { count: unread.length, version: view.get('heads', accountId)?.sequence ?? 0 }
}

function isIn(entry: EntryRow, listed: Exclude<EntryView, 'labelled'>): boolean {
  const { folder } = entry
  switch (listed) {
    case 'inbox':
      return folder === 'inbox' && entry.snoozedUntil === null
    case 'sent':
      return entry.authored && folder !== 'unsent' && folder !== 'trash'
    case 'starred':
      return entry.starred && folder !== 'trash' && folder !== 'spam'
    case 'snoozed':
      return entry.snoozedUntil !== null
    case 'received':
      return entry.received && folder !== 'trash'
    default:
      return folder === listed
  }
}

function cutPage(entries: readonly EntryRow[], request: MailListRequest): EntryRow[] {
  const { view, label, only, order, after, limit } = request
  const sign = order === 'newest' ? -1 : 1
  const place = (entry: EntryRow, other: { readonly micros: number; readonly id: number }) =>
    sign * (entry.sortMicros - other.micros || entry.mailId - other.id)
  return entries
    .filter(entry =>
      view === 'labelled' ? entry.labels.includes(label ?? '') && entry.folder !== 'trash' : isIn(entry, view),
    )
    .filter(entry => only === 'all' || (entry.received && !entry.read))
    .filter(entry => after === null || place(entry, after) > 0)
    .sort((a, b) => place(a, { micros: b.sortMicros, id: b.mailId }))
    .slice(0, limit)
}

function listPlain(view: View, { accountId, box, after, limit }: PlainMailRequest): PlainMail[] {
  const entries = view.find('entries', entry => entry.accountId === accountId)
  const request = { accountId, view: box, label: null, only: 'all', order: 'oldest', after, limit } as const
  const nameOf = (id: AccountId | null) => (id === null ? undefined : view.get('accounts', id)?.username)
  return cutPage(entries, request).map(entry => {
    const { id, authorId, subject, text, releasedMicros, recipients } = viewOf(view, entry)
    const first = recipients.find(recipient => recipient.accountId !== null) ?? recipients[0]
    const firstId = first?.accountId ?? null
    const theirs = view.find('deliveries', row => row.mailId === id && row.accountId === firstId)[0]
    const isReceived = box === 'received'
    return {
      id,
      senderId: authorId,
      senderName: nameOf(authorId) ?? '',
      recipientId: isReceived ? accountId : firstId,
      recipientName: nameOf(isReceived ? accountId : firstId) ?? first?.name ?? first?.address ?? '',
      subject,
      text,
      sentMicros: releasedMicros ?? 0,
      read: isReceived ? entry.read : theirs?.status === 'read',
      sortMicros: entry.sortMicros,
    }
  })
}

function listDeliveries(view: View, { mailId, viewer, above, after, limit }: DeliveriesRequest) {
  return view
    .find('deliveries', row => row.mailId === mailId && row.number > after && (row.version > above || above === 0))
    .sort((a, b) => a.number - b.number)
    .slice(0, limit)
    .map(row => {
      const isSeen = row.viaGroupId === null || view.get('memberships', row.viaGroupId, viewer) !== undefined
      return presentDelivery(isSeen ? row : { ...row, accountId: null })
    })
}

function findWork(database: ModelDatabase, limit: number): MailWork {
  const now = database.micros()
  const due = database
    .find('mails', mail => mail.state === 'held' && mail.dueMicros <= now)
    .sort((a, b) => a.dueMicros - b.dueMicros || a.id - b.id)
  const snoozed = database
    .find('entries', entry => entry.snoozedUntil !== null && entry.snoozedUntil <= now)
    .sort((a, b) => (a.snoozedUntil ?? 0) - (b.snoozedUntil ?? 0) || a.accountId - b.accountId)
  return {
    due: due.slice(0, limit).map(mail => mail.id),
    queued: database.find('deliveries', row => row.status === 'queued').length > 0 ? 'some' : 'none',
    snoozed: snoozed.slice(0, limit).map(({ accountId, mailId }) => ({ accountId, mailId })),
  }
}
