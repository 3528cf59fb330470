import { limits, type MailId, type OperationInput } from '@recado/protocol'
import { parseRecipients, requireMail, requireRecipients } from '../access/mail.ts'
import type { FormattedBodies } from '../html/formatted-bodies.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { type LockedThread, lockForRelease, placeNew, release } from '../log/mail-release.ts'
import { refuse } from '../problem.ts'
import type { NewMail } from '../store/mail.ts'
import { foreverMicros } from '../store/settings.ts'
import type { Transaction } from '../store/transaction.ts'
import { deleteDraft } from './delete-draft.ts'
import { handle } from './handler.ts'
import { requireFiles } from './require-files.ts'
import { sanitiseBody } from './sanitise-body.ts'

type Input = OperationInput<'mail.send'>

interface Composed extends Omit<NewMail, 'threadId' | 'dueMicros' | 'state'> {
  readonly key: string
  readonly fingerprint: string
  /** Sent with it: deleted in the same transaction, unless somebody changed it since. */
  readonly draft: { readonly draftId: string; readonly base?: number } | null
  /** When it is to be released: so long from now, or then. */
  readonly hold: { readonly micros: number } | { readonly untilMicros: number } | null
}

export const mailSend = handle('mail.send', async (context, input, { accountId }) => {
  const { clientMessageId, subject, inReplyTo = null, mediaIds = [] } = input
  const recipients = parseRecipients(input)
  if (recipients.length === 0) refuse('invalid-input', 'A mail needs a recipient.')
  const content = [recipients, subject, bodyOf(input), inReplyTo, input.undoSeconds, input.dueAt]
  const mark = mediaIds.length === 0 ? fingerprint('mail', ...content) : fingerprint('mail', ...content, mediaIds)
  const { text, html } = await parseBody(context.bodies, bodyOf(input))
  const composed: Composed = {
    authorId: accountId,
    inReplyTo,
    subject,
    text,
    html,
    recipients,
    mediaIds,
    key: clientMessageId,
    fingerprint: mark,
    draft: draftOf(input),
    hold: parseHold(input),
  }
  const mailId = await context.log.transact(transaction => send(transaction, composed))
  const { text: _, html: __, attachments: ___, ...header } = await requireMail(context.store, accountId, mailId)
  return { ...header, recipients: header.recipients.slice(0, limits.recipientsInLists) }
})

function draftOf({ draftId, draftVersion }: Input): Composed['draft'] {
  return draftId === undefined ? null : { draftId, ...(draftVersion !== undefined && { base: draftVersion }) }
}

type Body = { readonly text: string } | { readonly html: string }

function bodyOf({ text, html }: Input): Body {
  if (text !== undefined && html === undefined) return { text }
  if (html !== undefined && text === undefined) return { html }
  refuse('invalid-input', 'Give text or html, one of them.')
}

/** What two programs show of one mail must be the same: of a formatted body the server makes the plain one itself. */
async function parseBody(bodies: FormattedBodies, body: Body): Promise<Pick<NewMail, 'text' | 'html'>> {
  if ('text' in body) return { text: body.text, html: null }
  return await sanitiseBody(bodies, body.html)
}

function parseHold({ undoSeconds, dueAt }: Input): Composed['hold'] {
  if (undoSeconds !== undefined && dueAt !== undefined) refuse('invalid-input', 'Give undoSeconds or dueAt, not both.')
  if (undoSeconds !== undefined) return { micros: undoSeconds * 1_000_000 }
  if (dueAt === undefined) return null
  const untilMicros = Date.parse(dueAt) * 1_000
  if (Number.isNaN(untilMicros)) refuse('invalid-input', 'dueAt is no time.')
  // A time that the wire could not carry stands for ever.
  return { untilMicros: Math.min(untilMicros, foreverMicros) }
}

/** The key is kept in the author's own stream, with the mail as its target (L3). */
async function send(transaction: Transaction, composed: Composed): Promise<MailId> {
  const { authorId, inReplyTo, key, fingerprint: mark } = composed
  const threadId = inReplyTo === null ? null : await transaction.mail.findThread(inReplyTo, authorId)
  const locked = await lockForRelease(transaction, { ...composed, threadId })
  const known = await transaction.findByKey(authorId, authorId, key)
  if (known !== null) {
    if (known.fingerprint !== mark || known.target === null) refuse('key-reused')
    return known.target as MailId
  }
  if (inReplyTo !== null && threadId === null) refuse('not-found')
  await requireRecipients(transaction, authorId, composed.recipients)
  await requireFiles(transaction, authorId, composed.mediaIds)
  return await write(
    transaction,
    { ...composed, threadId, dueMicros: dueOf(composed.hold, transaction.micros) },
    locked,
  )
}

/** A time that has passed holds nothing. */
function dueOf(hold: Composed['hold'], nowMicros: number): number {
  if (hold === null) return nowMicros
  return 'micros' in hold ? nowMicros + hold.micros : Math.max(hold.untilMicros, nowMicros)
}

async function write(
  transaction: Transaction,
  mail: Omit<NewMail, 'state'> & Composed,
  locked: LockedThread,
): Promise<MailId> {
  const state = mail.dueMicros > transaction.micros ? ('held' as const) : ('released' as const)
  const id = await transaction.mail.insertMail({ ...mail, state })
  const row = { ...mail, id, threadId: mail.threadId ?? id, state }
  if (state === 'released') await release(transaction, row, locked)
  const event = { kind: 'mail.composed' as const, key: mail.key, fingerprint: mail.fingerprint }
  await placeNew(transaction, row, { folder: state === 'held' ? 'unsent' : 'sent', event })
  if (mail.draft !== null) await deleteDraft(transaction, { accountId: mail.authorId, ...mail.draft }, mail)
  return id
}
