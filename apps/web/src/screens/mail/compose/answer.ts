/** What a reply, a reply to all and a forwarded mail begin with: recipients as people expect, the subject, what it quotes. */
import type { DraftAttachment, DraftContent, DraftRecipient } from '@recado/client'
import type { AccountId, Attachment, Mail, MailRecipient } from '@recado/protocol'

export type AnswerKind = 'reply' | 'reply-all' | 'forward'

/** `Re:` and `Fwd:` as programs write them in any of our languages, once or several times, with or without a count. */
const prefixes = /^(?:\s*(?:re|res|rv|fwd?|fw|enc)(?:\[\d+\])?\s*[:：])+\s*/iu

export function subjectOf(kind: AnswerKind, subject: string): string {
  const bare = subject.replace(prefixes, '')
  const prefix = kind === 'forward' ? 'Fwd:' : 'Re:'
  return bare === '' ? prefix : `${prefix} ${bare}`
}

function toInput({ accountId, conversationId, address }: MailRecipient): DraftRecipient | null {
  if (accountId !== null) return { accountId }
  if (conversationId !== null) return { conversationId }
  return address === null ? null : { address }
}

function keyOf(recipient: DraftRecipient): string {
  return JSON.stringify(recipient)
}

function without(recipients: readonly DraftRecipient[], others: readonly DraftRecipient[]): readonly DraftRecipient[] {
  const taken = new Set(others.map(keyOf))
  return recipients.filter(recipient => {
    const fresh = !taken.has(keyOf(recipient))
    taken.add(keyOf(recipient))
    return fresh
  })
}

interface Answered {
  readonly to: readonly DraftRecipient[]
  readonly cc: readonly DraftRecipient[]
}

/**
 * To all: the author, then those it was to; copies stay copies. Oneself is left out, unless nobody else is left. An answer to
 * what one wrote oneself goes to whom that went. Who was in a blind copy is in none of it.
 */
export function recipientsOf(kind: AnswerKind, mail: Mail, me: AccountId): Answered {
  if (kind === 'forward') return { to: [], cc: [] }
  const own = mail.authorId === me
  const inMode = (mode: MailRecipient['mode']) =>
    mail.recipients.filter(recipient => recipient.mode === mode).flatMap(recipient => toInput(recipient) ?? [])
  const author: DraftRecipient = { accountId: mail.authorId }
  const self: readonly DraftRecipient[] = [{ accountId: me }]
  const first = own ? inMode('to') : kind === 'reply' ? [author] : [author, ...inMode('to')]
  const others = without(first, self)
  const to = others.length > 0 ? others : without(first, [])
  return { to, cc: kind === 'reply-all' ? without(inMode('cc'), [...self, ...to]) : [] }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/gu, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)
}

/** A plain body as paragraphs: an empty line ends one. */
export function textToHtml(text: string): string {
  return text
    .split(/\n{2,}/u)
    .map(paragraph => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('')
}

export interface AnswerInput {
  readonly kind: AnswerKind
  readonly mail: Mail
  readonly me: AccountId
  /** The line above what is quoted, in the writer's language. */
  readonly introduction: string
  readonly signature: string | null
}

export function toDraftAttachment({ id, name, bytes, type }: Attachment): DraftAttachment {
  return { mediaId: id, name, size: bytes, type }
}

export function startAnswer({ kind, mail, me, introduction, signature }: AnswerInput): DraftContent {
  const { to, cc } = recipientsOf(kind, mail, me)
  const quoted = mail.html ?? textToHtml(mail.text)
  const quote = `<p>${escapeHtml(introduction)}</p><blockquote>${quoted}</blockquote>`
  return {
    to,
    cc,
    bcc: [],
    subject: subjectOf(kind, mail.subject),
    html: `<p></p>${signed(signature)}${quote}`,
    inReplyTo: kind === 'forward' ? null : mail.id,
    forwardOf: kind === 'forward' ? mail.id : null,
    // What is passed on goes with its files, an answer without.
    attachments: kind === 'forward' ? mail.attachments.map(toDraftAttachment) : [],
  }
}

export function startNew(signature: string | null, to: readonly DraftRecipient[] = []): DraftContent {
  return {
    to,
    cc: [],
    bcc: [],
    subject: '',
    html: `<p></p>${signed(signature)}`,
    inReplyTo: null,
    forwardOf: null,
    attachments: [],
  }
}

function signed(signature: string | null): string {
  return signature ? `<p></p>${signature}` : ''
}
