/**
 * A mail as one account sees it, put together from what a store reads. Here is the one place that decides which recipients
 * somebody is shown (L8): the author all of them, everybody else To and Cc, and of the blind ones only the one by which
 * the mail reached them. It stands in the store, because an event's content is put together here.
 */
import type {
  Attachment,
  ConversationId,
  Delivery,
  Mail,
  MailEntry,
  MailFailure,
  MailHeader,
  MailId,
  MailRecipient,
  MailState,
  MailStatuses,
  RecipientMode,
} from '@recado/protocol'
import { limits } from '@recado/protocol'
import { isoTime } from '../clock.ts'
import type { EntryRow, RecipientRow } from './mail.ts'

export interface WrittenRecipient extends RecipientRow {
  /** A group's, as of now. */
  readonly name: string | null
}

export interface MailViewRow {
  readonly id: MailId
  readonly threadId: MailId
  readonly inReplyTo: MailId | null
  readonly authorId: MailHeader['authorId']
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly state: MailState
  readonly failure: MailFailure[] | null
  readonly createdMicros: number
  readonly dueMicros: number
  readonly releasedMicros: number | null
  readonly recipients: readonly WrittenRecipient[]
  readonly attachmentCount: number
  /** Where the mail is read whole. */
  readonly attachments: readonly Attachment[]
  /** Null unless it was released. */
  readonly statuses: MailStatuses | null
  readonly entry: EntryRow
  /** The delivery by which the viewer received it; null if none. */
  readonly own: { readonly mode: RecipientMode; readonly viaGroupId: ConversationId | null } | null
}

/** How much of a text a list shows. */
export const previewLength = 200

export function presentMail(row: MailViewRow): Mail {
  return { ...headerOf(row, visibleRecipients(row)), text: row.text, html: row.html, attachments: [...row.attachments] }
}

export function presentHeader(row: MailViewRow): MailHeader {
  const recipients = visibleRecipients(row)
  return {
    ...headerOf(row, recipients),
    recipients: recipients.slice(0, limits.recipientsInLists),
  }
}

function headerOf(row: MailViewRow, recipients: MailRecipient[]): MailHeader {
  const { id, threadId, inReplyTo, authorId, subject, attachmentCount, state, entry } = row
  return {
    id,
    threadId,
    inReplyTo,
    authorId,
    subject,
    preview: previewOf(row.text),
    recipients,
    recipientCount: recipients.length,
    attachmentCount,
    state,
    createdAt: isoTime(row.createdMicros),
    dueAt: isoTime(row.dueMicros),
    sentAt: row.releasedMicros === null ? null : isoTime(row.releasedMicros),
    failure: row.failure,
    statuses: entry.authored ? row.statuses : null,
    entry: presentEntry(entry),
  }
}

/** In one line. */
export function previewOf(text: string): string {
  return [...text.slice(0, previewLength * 2)].slice(0, previewLength).join('').replace(/\s+/g, ' ').trim()
}

const modes: readonly RecipientMode[] = ['to', 'cc', 'bcc']

function visibleRecipients({ recipients, entry, own }: MailViewRow): MailRecipient[] {
  const isOwn = (recipient: RecipientRow) =>
    own?.mode === 'bcc' &&
    (own.viaGroupId === null ? recipient.accountId === entry.accountId : recipient.groupId === own.viaGroupId)
  return recipients
    .filter(recipient => entry.authored || recipient.mode !== 'bcc' || isOwn(recipient))
    .sort((a, b) => modes.indexOf(a.mode) - modes.indexOf(b.mode))
    .map(({ mode, accountId, groupId, name, address }) => ({ mode, accountId, conversationId: groupId, name, address }))
}

export function presentEntry(row: EntryRow): MailEntry {
  const { version, folder, authored, received, read, starred, labels, snoozedUntil, sortMicros } = row
  return {
    version,
    folder,
    authored,
    received,
    read,
    starred,
    labels: [...labels],
    snoozedUntil: snoozedUntil === null ? null : isoTime(snoozedUntil),
    at: isoTime(sortMicros),
  }
}

export interface DeliveryRow extends Omit<Delivery, 'via' | 'sentAt' | 'deliveredAt' | 'readAt'> {
  readonly viaGroupId: ConversationId | null
  readonly sentMicros: number | null
  readonly deliveredMicros: number | null
  readonly readMicros: number | null
}

export function presentDelivery(row: DeliveryRow): Delivery {
  const { number, accountId, address, mode, viaGroupId, status, version } = row
  const at = (micros: number | null) => (micros === null ? null : isoTime(micros))
  return {
    number,
    accountId,
    address,
    mode,
    via: viaGroupId,
    status,
    sentAt: at(row.sentMicros),
    deliveredAt: at(row.deliveredMicros),
    readAt: at(row.readMicros),
    version,
  }
}
