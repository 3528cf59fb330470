import { Type } from 'typebox'
import { limits } from '../limits.ts'
import {
  delivery,
  mail,
  mailFiles,
  mailFolder,
  mailHeader,
  mailStatuses,
  recipientInput,
  unreadMails,
} from '../mail.ts'
import { input, key, mailId, nullable, page, pageRequest, position, sequence, text, time } from '../schema.ts'
import { operation } from './define.ts'

/** The sequence of the event that the change appended; the first one's on a retry. Null when nothing had to change. */
const appended = Type.Object({ sequence: Type.Union([sequence, Type.Null()]) })
const recipients = Type.Array(recipientInput, { maxItems: limits.recipientsPerMail })
const label = text(limits.labelLength, 1)
const labels = Type.Array(label, { maxItems: limits.labelsPerMail, uniqueItems: true })
const mailIds = Type.Array(mailId, { minItems: 1, maxItems: limits.pageSize, uniqueItems: true })

export const mailOperations = {
  'mail.send': operation({
    summary:
      'Send a mail to people and groups, at once or later (`undoSeconds`, `dueAt`). All or nothing: an unknown recipient is named by `errors` and nothing is sent. Repeating it with the same clientMessageId is harmless.',
    effect: 'write',
    input: input({
      clientMessageId: key,
      to: recipients,
      cc: Type.Optional(recipients),
      bcc: Type.Optional(recipients),
      subject: text(limits.subjectLength),
      /** The plain body. Beside `html` it is left out: the server makes it of that. */
      text: Type.Optional(text(limits.mailTextLength)),
      /** The formatted body. What is not in the allowed set goes; `mail.get` shows what is stored. */
      html: Type.Optional(text(limits.mailHtmlLength)),
      /** A mail that one may see: the new one joins its thread. */
      inReplyTo: Type.Optional(mailId),
      /** Files: one's own that are ready, or those of a mail that one may see. */
      mediaIds: Type.Optional(mailFiles),
      /** The draft that it was: deleted with the sending. */
      draftId: Type.Optional(key),
      /** Its version that was sent (0: never saved): if somebody has written something else into it since, it stays. */
      draftVersion: Type.Optional(position),
      undoSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.undoSeconds })),
      dueAt: Type.Optional(time),
    }),
    output: mailHeader,
    problems: ['unknown-recipient', 'not-found', 'key-reused', 'attachment-unavailable'],
  }),
  'mail.cancel': operation({
    summary:
      'Take back what has not been sent: a held mail as a whole, of a released one the deliveries that are still queued.',
    effect: 'write',
    input: input({ mailId, key }),
    output: appended,
    problems: ['not-found', 'key-reused'],
  }),
  'mail.get': operation({
    summary: 'Read a mail that you wrote or received.',
    effect: 'read',
    input: input({ mailId }),
    output: mail,
    problems: ['not-found'],
  }),
  'mail.getBodyToken': operation({
    summary:
      'Get what proves who asks, for the address of the body of one mail, which a browser loads into a frame by itself: /v1/mails/<id>/body?token=… With `remote=1` the frame may load pictures from elsewhere, `theme=dark` suits a dark page. It gives no right: whether you may see the mail is decided at each request.',
    effect: 'read',
    input: input({ mailId }),
    output: Type.Object({ token: Type.String(), expiresAt: time }),
  }),
  'thread.get': operation({
    summary: 'Read the mails of a thread that you wrote or received, oldest first.',
    effect: 'read',
    input: input({ threadId: mailId, ...pageRequest }),
    output: page(mail),
    problems: ['not-found'],
  }),
  'mailbox.list': operation({
    summary:
      'List the mails of a folder, or all that are starred, snoozed, received (trash left out) or carry a label; newest first.',
    effect: 'read',
    input: input({
      folder: Type.Union([
        ...mailFolder.anyOf,
        Type.Literal('starred'),
        Type.Literal('snoozed'),
        Type.Literal('received'),
        Type.Literal('labelled'),
      ]),
      /** With `labelled`: which. */
      label: Type.Optional(label),
      only: Type.Optional(Type.Literal('unread')),
      order: Type.Optional(Type.Union([Type.Literal('newest'), Type.Literal('oldest')])),
      ...pageRequest,
    }),
    output: page(mailHeader),
  }),
  'mailbox.unread': operation({
    summary: 'Count the mails of your inbox that you have not read.',
    effect: 'read',
    input: input({}),
    output: unreadMails,
  }),
  'mailbox.update': operation({
    summary:
      'Change what mails are in your mailbox, many at once: read, folder, star, labels, snooze. What is left out stays. Reading tells the author, unless you switched read receipts off.',
    effect: 'write',
    input: input({
      mailIds,
      key,
      read: Type.Optional(Type.Boolean()),
      /** `inbox` brings what one only wrote back to where it was. */
      folder: Type.Optional(
        Type.Union([Type.Literal('inbox'), Type.Literal('archive'), Type.Literal('trash'), Type.Literal('spam')]),
      ),
      starred: Type.Optional(Type.Boolean()),
      addLabels: Type.Optional(labels),
      removeLabels: Type.Optional(labels),
      snoozedUntil: Type.Optional(nullable(time)),
      /** An event for each mail, also where nothing changed. */
      tell: Type.Optional(Type.Literal('always')),
    }),
    output: appended,
    problems: ['not-found', 'key-reused', 'limit-reached'],
  }),
  'delivery.list': operation({
    summary: 'Read how far a mail of yours got with each recipient; with `above`, the rows that changed since.',
    effect: 'read',
    input: input({ mailId, above: Type.Optional(position), ...pageRequest }),
    output: Type.Object({
      items: Type.Array(delivery),
      statuses: mailStatuses,
      next: Type.Union([Type.String(), Type.Null()]),
    }),
    problems: ['not-found'],
  }),
  'delivery.confirm': operation({
    summary:
      'Tell that this device has stored your own stream up to a sequence: the mails that arrived by then are delivered.',
    effect: 'write',
    input: input({ sequence }),
    output: Type.Object({}),
  }),
}
