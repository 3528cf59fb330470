/** Mails on their way: they wait in the outbox beside messages, in a queue of their own, and are shown and taken back here. */
import { limits, type MailId, type MediaId } from '@recado/protocol'
import { mailLane, type QueuedMail } from '../cache/rows.ts'
import { type OutboxItem, stateOf } from '../engine/outbox-items.ts'
import { ProblemError, refuse } from '../problem-error.ts'
import { taken } from '../session/taken.ts'
import type { MailContext } from './context.ts'
import { isLocal } from './draft-files.ts'
import type { SentDraft } from './draft-row.ts'
import type { MailInput, PendingMail } from './mail-api.ts'
import type { MailHost } from './mail-part.ts'

/** Of so many entries it is remembered which mails they became. */
const rememberedMails = 200

/** What a mail takes along of the draft that it was. */
export interface DraftSource {
  /** 0 if the server has none, or another text stands in the draft by now. */
  readonly version: number
  /** The upload of one of its files, if it was begun. */
  uploadOf(fileId: string): MediaId | null
}

export class PendingMails {
  readonly #context: MailContext
  readonly #mailed = new Map<string, MailId>()
  readonly #views = new Map<string, PendingMail>()
  #waiting: (() => void)[] = []

  constructor(context: MailContext) {
    this.#context = context
  }

  /** `draft`: the one that it was. */
  async send(input: MailInput, draft: DraftSource | null): Promise<string> {
    const mail = { ...toMail(input), ...(draft && { draftVersion: draft.version }) }
    const { core, outbox } = this.#context
    const id = core.random.id()
    const createdAt = new Date(core.clock.now()).toISOString()
    const draftId = input.draftId ?? null
    const attachments = input.attachments ?? []
    const attached = attachments.flatMap(file => (isLocal(file) || file.blob ? [] : [file]))
    const files = attachments.flatMap(file => {
      const { id, name, blob } = file
      const mediaId = isLocal(file) ? (draft?.uploadOf(file.id) ?? null) : file.mediaId
      return blob ? { name, blob, mediaId, ...(id !== undefined && { id }) } : []
    })
    const what = { kind: 'mail', mail, draftId, attached, ...(files.length > 0 && { files }) } as const
    await taken(outbox.add({ id, clientMessageId: id, conversationId: mailLane, createdAt, ...what }))
    return id
  }

  /** An entry became this mail. */
  mailed(entryId: string, mailId: MailId): void {
    this.#mailed.set(entryId, mailId)
    for (const oldest of this.#mailed.keys()) {
      if (this.#mailed.size <= rememberedMails) break
      this.#mailed.delete(oldest)
    }
    this.outboxChanged()
  }

  outboxChanged(): void {
    for (const look of this.#waiting.splice(0)) look()
  }

  /** A draft that is on its way is none any more, unless its mail was refused. */
  isSending(draftId: string): boolean {
    return this.#items().some(({ row }) => row.draftId === draftId && !row.refused)
  }

  /** The draft that an entry was, and what went with it. */
  draftOf(entryId: string): (SentDraft & { readonly id: string }) | null {
    const row = this.#find(entryId)?.row
    if (!row?.draftId) return null
    return { id: row.draftId, html: row.mail.html, files: row.files?.flatMap(file => file.id ?? []) ?? [] }
  }

  views(): PendingMail[] {
    const views = this.#items().map(item => {
      const fresh = view(item)
      const known = this.#views.get(fresh.entryId)
      return known && isSame(known, fresh) ? known : fresh
    })
    this.#views.clear()
    for (const one of views) this.#views.set(one.entryId, one)
    return views
  }

  /** What may be on its way is waited for: it can still be held, or queued. */
  async takeBackEntry(entryId: string, host: MailHost): Promise<boolean> {
    if (this.#find(entryId) && (await host.cancel(entryId))) return true
    while (!this.#mailed.has(entryId)) {
      const item = this.#find(entryId)
      if (!item || item.row.refused) return item !== undefined && (await host.cancel(entryId))
      if (!this.#context.core.online()) return false
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    return this.takeBackMail(this.#mailed.get(entryId) as MailId)
  }

  async takeBackMail(mailId: MailId): Promise<boolean> {
    const { core } = this.#context
    const answer = Promise.withResolvers<boolean>()
    const sent = core.send('mail.cancel', { mailId, key: core.random.id() }, outcome => {
      if ('result' in outcome) answer.resolve(outcome.result.sequence !== null)
      else if ('lost' in outcome) answer.reject(refuse('unavailable'))
      else answer.reject(new ProblemError(outcome.problem))
    })
    if (!sent) throw refuse('unavailable')
    return answer.promise
  }

  #items(): (OutboxItem & { readonly row: QueuedMail })[] {
    return [...this.#context.outbox.items.of(mailLane)].filter(isMail)
  }

  #find(entryId: string) {
    return this.#items().find(item => item.row.id === entryId)
  }
}

function isMail(item: OutboxItem): item is OutboxItem & { readonly row: QueuedMail } {
  return item.row.kind === 'mail'
}

/** Raises `invalid-input`. What else the server finds shows at the entry. */
function toMail(input: MailInput): QueuedMail['mail'] {
  const { to, cc, bcc, subject, body, inReplyTo, undoSeconds, dueAt, draftId, attachments = [] } = input
  const text = 'html' in body ? body.html : body.text
  const most = 'html' in body ? limits.mailHtmlLength : limits.mailTextLength
  if (to.length + (cc?.length ?? 0) + (bcc?.length ?? 0) === 0) invalid('A mail needs a recipient.')
  if ([...subject].length > limits.subjectLength) invalid(`A subject has at most ${limits.subjectLength} characters.`)
  if (attachments.length > limits.attachmentsPerMail) invalid(`A mail has at most ${limits.attachmentsPerMail} files.`)
  if ([...text].length > most) invalid(`A mail has at most ${most} characters.`)
  return {
    to: [...to],
    ...(cc && { cc: [...cc] }),
    ...(bcc && { bcc: [...bcc] }),
    subject,
    ...body,
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(undoSeconds !== undefined && { undoSeconds }),
    ...(dueAt !== undefined && { dueAt }),
    ...(draftId !== undefined && { draftId }),
  }
}

function invalid(detail: string): never {
  throw refuse('invalid-input', { detail })
}

function view(item: OutboxItem & { readonly row: QueuedMail }): PendingMail {
  const { row } = item
  const files = (row.files ?? []).map(({ id, name, blob }, index) => ({ id: id ?? `${row.id} ${index}`, name, blob }))
  const attachments = [...row.attached, ...files]
  const { to, cc, bcc, subject, text = '', html, inReplyTo, undoSeconds, dueAt, draftId } = row.mail
  const input: MailInput = {
    to,
    ...(cc && { cc }),
    ...(bcc && { bcc }),
    subject,
    body: html === undefined ? { text } : { html },
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(undoSeconds !== undefined && { undoSeconds }),
    ...(dueAt !== undefined && { dueAt }),
    ...(draftId !== undefined && { draftId }),
    ...(attachments.length > 0 && { attachments }),
  }
  const { id: entryId, createdAt, refused: problem } = row
  return { entryId, input, createdAt, state: stateOf(item), problem, uploaded: item.uploaded ?? 0 }
}

/** What was written never changes. */
function isSame(a: PendingMail, b: PendingMail): boolean {
  return a.state === b.state && a.problem === b.problem && a.uploaded === b.uploaded && a.createdAt === b.createdAt
}
