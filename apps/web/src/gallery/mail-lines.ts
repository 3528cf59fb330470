/** Real-looking mails for the gallery: long names, long words, several scripts, a very long letter, every status. */
import type { DraftView, PendingMail } from '@recado/client'
import type {
  AccountId,
  Attachment,
  ConversationId,
  Delivery,
  DeliveryStatus,
  Mail,
  MailFolder,
  MailId,
  MailRecipient,
  MailStatuses,
} from '@recado/protocol'
import { pictures } from './file-lines.ts'
import { isoAgo, me, now, personAt } from './fixtures.ts'

interface MailLine {
  readonly id: number
  readonly thread: number
  readonly by: number | null
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly files?: readonly Attachment[]
  readonly ago: number
  readonly folder?: MailFolder
  readonly unread?: true
  readonly starred?: true
  readonly labels?: readonly string[]
  /** Of one's own: the statuses of its recipients, in their order. */
  readonly statuses?: readonly DeliveryStatus[]
  /** Places among the people; a group is written as its id. */
  readonly to?: readonly (number | { readonly group: number })[]
  readonly cc?: readonly number[]
  readonly state?: Mail['state']
  readonly snoozed?: number
  /** How many it reached, more than are listed. */
  readonly many?: number
}

const paragraphs = [
  'Dear all, here is what we decided yesterday, written down so that nobody has to remember it. It is long because the party is large, and because last year three things were forgotten that nobody had written down.',
  'The paper is warm white, 120 grams, with a deckled edge on one side only. The printer has it in stock until the end of the month; after that it would take three weeks, which we do not have. Please do not order a second proof without asking Sofía, who keeps the list of what has been paid.',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft is one word and stands on one of the envelopes. It has to fit, and it does, in nine points.',
  'Address of the venue and how to get there: https://example.org/venue/winter-party/2026/how-to-get-there-by-train-bus-or-on-foot?from=station&lang=en. The last train goes at 23:52.',
]

const long = Array.from({ length: 62 }, (_, index) => paragraphs[index % paragraphs.length]).join('\n\n')

const lines: readonly MailLine[] = [
  {
    id: 1,
    thread: 1,
    by: 0,
    subject: 'Proof of the invitation',
    text: 'Bom dia,\n\nhere is the proof of the invitation. The date on the card is Saturday, 12 December, as we said.\n\nCan you look at the third line before tonight? It goes to print at eight.\n\nMarina',
    ago: 60 * 26,
    to: [{ group: 101 }, -1],
  },
  {
    id: 2,
    thread: 1,
    by: null,
    subject: 'Re: Proof of the invitation',
    text: 'Marina,\n\nthe third line is right. The e-mail address on the back is still the old one: it has to be post@example.org.\n\nBeatriz',
    ago: 60 * 3,
    folder: 'sent',
    to: [0, 1, { group: 101 }],
    cc: [2],
    statuses: ['read', 'delivered', 'sent', 'read', 'read', 'delivered', 'queued'],
  },
  {
    id: 3,
    thread: 1,
    by: 0,
    subject: 'Re: Proof of the invitation',
    text: 'Thank you! Changed, and sent to the printer: https://example.org/proofs/42\n\nMarina',
    ago: 34,
    unread: true,
    labels: ['Winter party'],
    to: [-1],
    cc: [1, 2],
  },
  {
    id: 4,
    thread: 4,
    by: 1,
    subject: 'Everything we decided about the winter party, in the order in which it has to be done',
    text: long,
    ago: 90,
    unread: true,
    starred: true,
    labels: ['Winter party', 'A label with a name that is really too long'],
    to: [{ group: 101 }],
  },
  {
    id: 5,
    thread: 5,
    by: 2,
    subject: '',
    text: 'Se me olvidó el asunto. ¿Nos vemos a las nueve?',
    ago: 60 * 5,
    to: [-1],
  },
  {
    id: 6,
    thread: 6,
    by: 4,
    subject: 'قائمة المدعوين بعد المراجعة',
    text: 'شكراً جزيلاً، راجعت القائمة ولم أجد خطأ سوى اسم واحد.',
    ago: 60 * 28,
    to: [-1],
  },
  {
    id: 7,
    thread: 7,
    by: 6,
    subject: '<script>alert("subject")</script> & <b>not bold</b>',
    text: '<img src=x onerror=alert(1)> is only text here. \u202Egpj.exe is not a picture.',
    ago: 60 * 30,
    to: [-1],
  },
  {
    id: 8,
    thread: 8,
    by: 8,
    subject: 'Rechnung 2026-1187: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    html: '<p>Anbei wie besprochen die Rechnung. Zahlbar innerhalb von <b>dreißig</b> Tagen.</p><img src="https://example.org/logo.png">',
    files: pictures,
    text: 'Anbei wie besprochen die Rechnung. Zahlbar innerhalb von dreißig Tagen.',
    ago: 60 * 50,
    labels: ['Invoices'],
    to: [-1],
  },
  {
    id: 9,
    thread: 9,
    by: 3,
    subject: '会場の件',
    text: '会場に確認しました。土曜日で大丈夫です。',
    ago: 60 * 75,
    to: [-1],
    snoozed: 60 * 20,
  },
  {
    id: 10,
    thread: 10,
    by: null,
    subject: 'Everybody: the office is closed on Friday',
    text: 'Dear all,\n\nthe office is closed on Friday. The post is taken in by the house next door.\n\nBeatriz',
    ago: 60 * 8,
    folder: 'sent',
    to: [{ group: 101 }],
    many: 4_213,
    statuses: ['read', 'delivered', 'sent', 'queued', 'queued'],
  },
  {
    id: 11,
    thread: 11,
    by: null,
    subject: 'Thank you',
    text: 'Thank you for yesterday. Beatriz',
    ago: 60 * 49,
    folder: 'sent',
    to: [1],
    statuses: ['read'],
  },
  {
    id: 12,
    thread: 12,
    by: null,
    subject: 'Reminder: bring the keys',
    text: 'To be read on Monday morning.',
    ago: 12,
    folder: 'unsent',
    to: [0, 1],
    state: 'held',
  },
  {
    id: 13,
    thread: 13,
    by: null,
    subject: 'To the old committee',
    text: 'This one came back.',
    ago: 60 * 4,
    folder: 'unsent',
    to: [{ group: 114 }],
    state: 'failed',
  },
]

function toRecipient(mode: MailRecipient['mode'], to: number | { readonly group: number }): MailRecipient {
  if (typeof to === 'object') {
    const name = 'Letter desk: invitations for the winter party'
    return { mode, accountId: null, conversationId: to.group as ConversationId, name, address: null }
  }
  return { mode, accountId: to < 0 ? me : personAt(to).id, conversationId: null, name: null, address: null }
}

function countStatuses({ statuses, many }: MailLine): MailStatuses | null {
  if (!statuses) return null
  const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0, version: 1 }
  for (const status of statuses) counts[status] += 1
  return many === undefined ? counts : { ...counts, read: 1_204, delivered: 2_310, sent: 688, queued: many - 4_202 }
}

function toMail(line: MailLine): Mail {
  const recipients = [
    ...(line.to ?? []).map(to => toRecipient('to', to)),
    ...(line.cc ?? []).map(to => toRecipient('cc', to)),
  ]
  const at = isoAgo(line.ago)
  const own = line.by === null
  const held = line.state === 'held'
  return {
    id: line.id as MailId,
    threadId: line.thread as MailId,
    inReplyTo: null,
    authorId: own ? me : personAt(line.by ?? 0).id,
    subject: line.subject,
    preview: line.text.replace(/\s+/gu, ' ').slice(0, 160),
    recipients,
    recipientCount: recipients.length,
    state: line.state ?? 'released',
    createdAt: at,
    dueAt: held ? new Date(now + 64 * 3_600_000).toISOString() : at,
    sentAt: line.state ? null : at,
    failure: line.state === 'failed' ? [{ path: '/to/0', message: 'This group cannot be mailed.' }] : null,
    statuses: countStatuses(line),
    entry: {
      version: 1,
      folder: line.folder ?? 'inbox',
      authored: own,
      received: !own,
      read: !line.unread,
      starred: line.starred === true,
      labels: [...(line.labels ?? [])],
      snoozedUntil: line.snoozed === undefined ? null : new Date(now + line.snoozed * 60_000).toISOString(),
      at,
    },
    text: line.text,
    html: line.html ?? null,
    attachmentCount: line.files?.length ?? 0,
    attachments: [...(line.files ?? [])],
  }
}

export const mails: readonly Mail[] = lines.map(toMail)

/** Two hundred that nobody has read. */
export const manyMails: readonly Mail[] = Array.from({ length: 200 }, (_, index) =>
  toMail({
    id: 1_000 + index,
    thread: 1_000 + index,
    by: index,
    subject: `${index + 1}. ${lines[index % 9]?.subject || 'News'}`,
    text: lines[index % 9]?.text.slice(0, 300) ?? '',
    ago: index * 37,
    unread: true,
    to: [-1],
  }),
)

/** How far a mail of one's own got: with those written as recipients, then with those whom a group stands for. */
export function deliveriesOf(mailId: MailId): readonly Delivery[] {
  const line = lines.find(({ id }) => id === mailId)
  const mail = mails.find(({ id }) => id === mailId)
  const people = mail?.recipients.filter(({ accountId }) => accountId !== null) ?? []
  const group = mail?.recipients.find(({ conversationId }) => conversationId !== null)?.conversationId ?? null
  return (line?.statuses ?? []).map((status, index): Delivery => {
    const recipient = people[index]
    const reached = status === 'sent' || status === 'delivered' || status === 'read'
    return {
      number: index + 1,
      accountId: recipient?.accountId ?? ((index + 4) as AccountId),
      address: null,
      mode: recipient?.mode ?? 'to',
      via: recipient ? null : group,
      status,
      sentAt: reached ? isoAgo((line?.ago ?? 0) - 1) : null,
      deliveredAt: status === 'delivered' || status === 'read' ? isoAgo((line?.ago ?? 0) - 2) : null,
      readAt: status === 'read' ? isoAgo((line?.ago ?? 0) - 9) : null,
      version: 1,
    }
  })
}

export const drafts: readonly DraftView[] = [
  {
    id: 'd1',
    to: [{ accountId: personAt(1).id }, { accountId: personAt(0).id }],
    cc: [],
    bcc: [],
    subject: 'About the seating plan',
    preview: 'Two tables of eight and one of six, or would you rather',
    inReplyTo: null,
    forwardOf: null,
    attachmentCount: 0,
    updatedAt: isoAgo(7),
    state: 'saved',
  },
  {
    id: 'd2',
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    preview: 'Do not forget:',
    inReplyTo: null,
    forwardOf: null,
    attachmentCount: 0,
    updatedAt: isoAgo(60 * 80),
    state: 'kept',
  },
]

export const outbox: readonly PendingMail[] = [
  {
    entryId: 'waiting',
    input: { to: [{ accountId: personAt(0).id }], subject: 'From the train', body: { text: 'Written in the tunnel.' } },
    createdAt: isoAgo(2),
    state: 'waiting',
    problem: null,
    uploaded: 0,
  },
  {
    entryId: 'refused',
    input: {
      to: [{ accountId: personAt(2).id }, { conversationId: 114 as ConversationId }],
      subject: 'Keys of the hall',
      body: { html: '<p>Who has them?</p>' },
    },
    createdAt: isoAgo(30),
    state: 'refused',
    problem: {
      type: 'urn:recado:problem:unknown-recipient',
      title: '',
      status: 422,
      code: 'unknown-recipient',
      retry: 'never',
      errors: [{ path: '/to/1', message: 'There is no such group.' }],
    },
    uploaded: 0,
  },
]
