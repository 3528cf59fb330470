/**
 * Mail as its author and its recipients see it. A mail has one id, whoever got it; what somebody may see of it is what was
 * sent to them: a blind recipient is shown to the author and to that recipient only, statuses to the author only.
 */
import { type Static, Type } from 'typebox'
import { attachment } from './attachment.ts'
import { limits } from './limits.ts'
import { accountId, conversationId, input, mailId, mediaId, nullable, position, text, time } from './schema.ts'

/** Who may mail a group: its owners and admins, its members, or everybody who has an account. */
export const mailFrom = Type.Union([Type.Literal('admins'), Type.Literal('members'), Type.Literal('everyone')])
export type MailFrom = Static<typeof mailFrom>

/** A recipient as somebody writes one: a person, a group, or an address outside. */
export const recipientInput = Type.Union([
  input({ accountId }),
  input({ conversationId }),
  input({ address: text(limits.emailLength, 3) }),
])
export type RecipientInput = Static<typeof recipientInput>

/** The files of a mail, as somebody names them. */
export const mailFiles = Type.Array(mediaId, { maxItems: limits.attachmentsPerMail, uniqueItems: true })

export const recipientMode = Type.Union([Type.Literal('to'), Type.Literal('cc'), Type.Literal('bcc')])
export type RecipientMode = Static<typeof recipientMode>

/** A recipient as it was written; one of the three ids is set. A group stands as the group, by its name as of now. */
export const mailRecipient = Type.Object({
  mode: recipientMode,
  accountId: nullable(accountId),
  conversationId: nullable(conversationId),
  name: nullable(Type.String()),
  address: nullable(Type.String()),
})
export type MailRecipient = Static<typeof mailRecipient>

/**
 * `held` until its time has come (undo, scheduled), then `released`: on its way to its recipients. `failed`: it was not
 * released, see `failure`. `cancelled`: its author took it back while it was held.
 */
export const mailState = Type.Union([
  Type.Literal('held'),
  Type.Literal('released'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type MailState = Static<typeof mailState>

export const deliveryStatus = Type.Union([
  Type.Literal('queued'),
  Type.Literal('sent'),
  Type.Literal('delivered'),
  Type.Literal('read'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type DeliveryStatus = Static<typeof deliveryStatus>

/** How many recipients a mail has in each status, and the version of its register group that this is of (L11). */
export const mailStatuses = Type.Object({
  queued: position,
  sent: position,
  delivered: position,
  read: position,
  failed: position,
  cancelled: position,
  version: position,
})
export type MailStatuses = Static<typeof mailStatuses>

/**
 * How far the mail got with one recipient: a register, of which the row with the highest version counts. `number` names it
 * within its mail. `accountId` is null for an address, and for who got it by a group whose members the author does not see.
 */
export const delivery = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  accountId: nullable(accountId),
  address: nullable(Type.String()),
  mode: recipientMode,
  /** The group by which it reached them; null for who was written as a recipient. */
  via: nullable(conversationId),
  status: deliveryStatus,
  sentAt: nullable(time),
  deliveredAt: nullable(time),
  readAt: nullable(time),
  version: position,
})
export type Delivery = Static<typeof delivery>

export const mailFolder = Type.Union([
  Type.Literal('inbox'),
  Type.Literal('archive'),
  Type.Literal('trash'),
  Type.Literal('spam'),
  Type.Literal('sent'),
  Type.Literal('unsent'),
])
export type MailFolder = Static<typeof mailFolder>

/** What a mail is in one's own mailbox. Nobody else sees it; clients keep the highest version. */
export const mailEntry = Type.Object({
  /** The sequence of the event in one's own stream that last changed it. */
  version: position,
  /** What one only wrote is in `unsent`, `sent` or `trash`; what one received in `inbox`, `archive`, `trash` or `spam`. */
  folder: mailFolder,
  authored: Type.Boolean(),
  received: Type.Boolean(),
  read: Type.Boolean(),
  starred: Type.Boolean(),
  labels: Type.Array(Type.String()),
  /** Until when it is out of the inbox; it comes back by itself. */
  snoozedUntil: nullable(time),
  /** What lists are ordered by: when it arrived, was sent, or came back. */
  at: time,
})
export type MailEntry = Static<typeof mailEntry>

/** Why a mail was not released: where in the request, as in a problem. */
export const mailFailure = Type.Object({ path: Type.String(), message: Type.String() })
export type MailFailure = Static<typeof mailFailure>

const headerProperties = {
  id: mailId,
  threadId: mailId,
  inReplyTo: nullable(mailId),
  authorId: accountId,
  subject: Type.String(),
  /** The beginning of the text. */
  preview: Type.String(),
  /** Those that one may see, To before Cc before Bcc; in lists the first `limits.recipientsInLists`. */
  recipients: Type.Array(mailRecipient),
  recipientCount: position,
  attachmentCount: position,
  state: mailState,
  createdAt: time,
  /** When it is to be released; the same as `createdAt` for one that was never held. */
  dueAt: time,
  /** When it was released; null until then. */
  sentAt: nullable(time),
  failure: nullable(Type.Array(mailFailure)),
  /** For its author only; null until it is released. */
  statuses: nullable(mailStatuses),
  entry: mailEntry,
}

/** A mail as lists show it. */
export const mailHeader = Type.Object(headerProperties)
export type MailHeader = Static<typeof mailHeader>

export const mail = Type.Object({
  ...headerProperties,
  text: Type.String(),
  /** The formatted body, sanitised; null for a plain one. */
  html: nullable(Type.String()),
  attachments: Type.Array(attachment),
})
export type Mail = Static<typeof mail>

/** How many mails in the inbox one has not read. `version` is the sequence of one's own stream that this is of: the highest counts. */
export const unreadMails = Type.Object({ count: position, version: position })
export type UnreadMails = Static<typeof unreadMails>
