/** Mail on the fake server: what the wire contract says of mails, mailboxes, statuses and drafts, without people's rights. */
import {
  type AccountId,
  type DeliveriesFrame,
  type Delivery,
  type Draft,
  limits,
  type Mail,
  type MailEntry,
  type MailHeader,
  type MailId,
  type MailStatuses,
  type OperationInput,
  type StreamEvent,
  type UnreadMails,
} from '@recado/protocol'
import { countsAsUnread, entryAfter, isIn } from '../mail/entries.ts'
import type { MailView } from '../mail/mail-api.ts'
import { type FakeLog, refused } from './fake-log.ts'

interface FakeMailRow extends Omit<Mail, 'entry' | 'statuses'> {
  readonly deliveries: Map<AccountId, Delivery>
  registers: number
}

type Box = Map<MailId, MailEntry>

export class FakeMail {
  readonly mails = new Map<MailId, FakeMailRow>()
  readonly #boxes = new Map<AccountId, Box>()
  readonly #keys = new Map<string, { readonly sequence: number; readonly mailId: MailId | null }>()
  readonly #drafts = new Map<AccountId, Map<string, Draft | 'gone'>>()
  readonly #log: FakeLog
  readonly #push: (authorId: AccountId, frame: DeliveriesFrame) => void
  /** As of which version the author was told. */
  readonly #told = new Map<MailId, number>()
  /** How far each account's devices said that they have stored its stream. */
  readonly confirmed = new Map<AccountId, number>()
  /** What a page of a list holds at most, whatever is asked for. */
  mailsPerPage: number = limits.pageSize
  #ids = 1_000

  constructor(log: FakeLog, push: (authorId: AccountId, frame: DeliveriesFrame) => void) {
    this.#log = log
    this.#push = push
  }

  /** A held mail is released by `release`. */
  send(input: OperationInput<'mail.send'>, authorId: AccountId): MailHeader {
    const known = this.#keys.get(`${authorId} ${input.clientMessageId}`)
    if (known?.mailId) return this.header(known.mailId, authorId)
    const recipients = (['to', 'cc', 'bcc'] as const).flatMap(mode =>
      (input[mode] ?? []).map(one => ({ mode, accountId: 'accountId' in one ? one.accountId : null })),
    )
    if (recipients.some(one => one.accountId === null || !this.#log.accounts.has(one.accountId))) {
      throw refused('unknown-recipient')
    }
    const id = ++this.#ids as MailId
    const isHeld = input.undoSeconds !== undefined || input.dueAt !== undefined
    const time = this.#log.time()
    const text = input.text ?? (input.html ?? '').replace(/<[^>]*>/g, '')
    this.mails.set(id, {
      id,
      threadId: input.inReplyTo ? (this.mails.get(input.inReplyTo)?.threadId ?? id) : id,
      inReplyTo: input.inReplyTo ?? null,
      authorId,
      subject: input.subject,
      preview: text.slice(0, 100),
      recipients: recipients.map(one => ({ ...one, conversationId: null, name: null, address: null })),
      recipientCount: recipients.length,
      state: isHeld ? 'held' : 'released',
      createdAt: time,
      dueAt: input.dueAt ?? time,
      sentAt: isHeld ? null : time,
      failure: null,
      attachmentCount: 0,
      attachments: [],
      text,
      html: input.html ?? null,
      deliveries: new Map(),
      registers: 0,
    })
    this.#put(authorId, id, { ...blank(time), folder: isHeld ? 'unsent' : 'sent', authored: true, read: true })
    const { draftId, draftVersion } = input
    const standing = draftId === undefined ? undefined : this.#draftsOf(authorId).get(draftId)
    const isChanged = standing && standing !== 'gone' && (draftVersion ?? standing.version) !== standing.version
    if (draftId !== undefined && !isChanged) this.deleteDraft(authorId, draftId)
    this.#tell(authorId, id, 'mail.composed')
    this.#keys.set(`${authorId} ${input.clientMessageId}`, { sequence: this.#log.head(authorId).sequence, mailId: id })
    if (!isHeld) this.#deliver(id)
    return this.header(id, authorId)
  }

  release(id: MailId): void {
    const mail = this.mails.get(id)
    if (mail?.state !== 'held') return
    this.mails.set(id, { ...mail, state: 'released', sentAt: this.#log.time() })
    this.#put(mail.authorId, id, { ...this.entry(mail.authorId, id), folder: 'sent', at: this.#log.time() })
    this.#tell(mail.authorId, id, 'mailbox.changed')
    this.#deliver(id)
  }

  cancel({ mailId, key }: OperationInput<'mail.cancel'>, authorId: AccountId): { sequence: number | null } {
    const known = this.#keys.get(`${authorId} ${key}`)
    if (known) return { sequence: known.sequence }
    const mail = this.mails.get(mailId)
    if (mail?.authorId !== authorId) throw refused('not-found')
    if (mail.state !== 'held') return { sequence: null }
    this.mails.set(mailId, { ...mail, state: 'cancelled' })
    return { sequence: this.#tell(authorId, mailId, 'mailbox.changed') }
  }

  update(input: OperationInput<'mailbox.update'>, accountId: AccountId): { sequence: number | null } {
    const { mailIds, key, ...change } = input
    const known = this.#keys.get(`${accountId} ${key}`)
    if (known) return { sequence: known.sequence }
    let sequence: number | null = null
    for (const id of mailIds) {
      const entry = this.entry(accountId, id)
      const mail = this.#mail(id)
      const next = entryAfter(entry, mail.state, change, Date.parse(this.#log.time()))
      if (next === entry) continue
      this.#put(accountId, id, next)
      sequence = this.#tell(accountId, id, 'mailbox.changed')
      if (next.read && !entry.read) this.#move(id, accountId, 'read')
    }
    if (sequence !== null) this.#keys.set(`${accountId} ${key}`, { sequence, mailId: null })
    return { sequence }
  }

  confirm(sequence: number, accountId: AccountId): object {
    this.confirmed.set(accountId, Math.max(this.confirmed.get(accountId) ?? 0, sequence))
    for (const event of this.#log.streams.get(accountId) ?? []) {
      if (event.kind === 'mail.arrived' && event.sequence <= sequence)
        this.#move(event.data.mailId, accountId, 'delivered')
    }
    return {}
  }

  list(input: OperationInput<'mailbox.list'>, accountId: AccountId) {
    const { next, order: _, ...view } = input
    const limit = Math.min(input.limit ?? this.mailsPerPage, this.mailsPerPage)
    const all = this.box(accountId, view as MailView)
    const from = next === undefined ? 0 : all.findIndex(mail => isBeyond(mail, next))
    const items = from < 0 ? [] : all.slice(from, from + limit)
    const last = items.length === limit ? items.at(-1) : undefined
    return { items, next: last ? `${last.entry.at} ${last.id}` : null }
  }

  /** Newest first. */
  box(accountId: AccountId, view: MailView): MailHeader[] {
    const ids = [...(this.#boxes.get(accountId) ?? [])].filter(([, entry]) => isIn(view, entry)).map(([id]) => id)
    const mails = ids.map(id => this.header(id, accountId))
    return mails.sort((a, b) => (a.entry.at === b.entry.at ? b.id - a.id : a.entry.at < b.entry.at ? 1 : -1))
  }

  get(id: MailId, accountId: AccountId): Mail {
    const { text, html, attachments } = this.#mail(id)
    return { ...this.header(id, accountId), text, html, attachments }
  }

  thread(threadId: MailId, accountId: AccountId) {
    const ids = [...(this.#boxes.get(accountId)?.keys() ?? [])].filter(id => this.mails.get(id)?.threadId === threadId)
    if (ids.length === 0) throw refused('not-found')
    return { items: ids.sort((a, b) => a - b).map(id => this.get(id, accountId)), next: null }
  }

  deliveries({ mailId, above = 0, next, limit = limits.pageSize }: OperationInput<'delivery.list'>) {
    const isAsked = ({ number, version }: Delivery) => version > above && number > Number(next ?? 0)
    const items = [...this.#mail(mailId).deliveries.values()].filter(isAsked).slice(0, limit)
    const last = items.length === limit ? items.at(-1) : undefined
    return { items, statuses: this.statuses(mailId), next: last ? `${last.number}` : null }
  }

  #tellAuthor(id: MailId): void {
    const { authorId, deliveries } = this.#mail(id)
    const statuses = this.statuses(id)
    const above = this.#told.get(id) ?? 0
    this.#told.set(id, statuses.version)
    const items = deliveries.size > limits.statusRowsRecipients ? [] : this.deliveries({ mailId: id, above }).items
    this.#push(authorId, { type: 'deliveries', mailId: id, statuses, above, items })
  }

  statuses(id: MailId): MailStatuses {
    const { deliveries, registers } = this.#mail(id)
    const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0, version: registers }
    for (const { status } of deliveries.values()) counts[status]++
    return counts
  }

  unread(accountId: AccountId): UnreadMails {
    const entries = [...(this.#boxes.get(accountId)?.values() ?? [])]
    return { count: entries.filter(countsAsUnread).length, version: this.#log.head(accountId).sequence }
  }

  header(id: MailId, accountId: AccountId): MailHeader {
    const { deliveries: _, registers: __, text: ___, html: ____, attachments: _____, ...mail } = this.#mail(id)
    const isOwn = mail.authorId === accountId && mail.state === 'released'
    return { ...mail, statuses: isOwn ? this.statuses(id) : null, entry: this.entry(accountId, id) }
  }

  /** A replay shows the target as it is now (L12). */
  presentNow(event: StreamEvent, accountId: AccountId): StreamEvent {
    if ('mail' in event.data) {
      const mail = this.header(event.data.mailId, accountId)
      return { ...event, data: { ...event.data, mail, unread: this.unread(accountId) } } as StreamEvent
    }
    if (event.kind !== 'draft.changed') return event
    const draft = this.#draftsOf(accountId).get(event.data.draftId)
    return { ...event, data: { ...event.data, draft: draft && draft !== 'gone' ? draft : null } }
  }

  saveDraft({ draftId, base, ...content }: OperationInput<'draft.save'>, accountId: AccountId): { version: number } {
    const drafts = this.#draftsOf(accountId)
    const known = drafts.get(draftId)
    if (known === 'gone' || (!known && base > 0)) throw refused('draft-gone')
    const { inReplyTo = null, forwardOf = null, mediaIds: _, ...rest } = content
    const next = { ...rest, inReplyTo, forwardOf, attachments: [] }
    if (known && isSameContent(known, next)) return { version: known.version }
    if (known && known.version !== base) throw refused('draft-changed')
    const version = this.#log.head(accountId).sequence + 1
    const draft = { ...next, id: draftId, version, preview: '', updatedAt: this.#log.time() }
    drafts.set(draftId, draft)
    this.#log.append(accountId, 'draft.changed', { draftId, draft }, accountId)
    return { version }
  }

  deleteDraft(accountId: AccountId, draftId: string, base?: number): void {
    const drafts = this.#draftsOf(accountId)
    const known = drafts.get(draftId)
    if (known === 'gone') return
    if (known && base !== undefined && base !== known.version) throw refused('draft-changed')
    drafts.set(draftId, 'gone')
    if (known) this.#log.append(accountId, 'draft.deleted', { draftId }, accountId)
  }

  draft(accountId: AccountId, draftId: string): Draft {
    const known = this.#draftsOf(accountId).get(draftId)
    if (!known || known === 'gone') throw refused('not-found')
    return known
  }

  drafts(accountId: AccountId): Draft[] {
    return [...this.#draftsOf(accountId).values()].filter(draft => draft !== 'gone')
  }

  entry(accountId: AccountId, id: MailId): MailEntry {
    const entry = this.#boxes.get(accountId)?.get(id)
    if (!entry) throw refused('not-found')
    return entry
  }

  #draftsOf(accountId: AccountId) {
    const drafts = this.#drafts.get(accountId) ?? new Map<string, Draft | 'gone'>()
    this.#drafts.set(accountId, drafts)
    return drafts
  }

  #mail(id: MailId): FakeMailRow {
    const mail = this.mails.get(id)
    if (!mail) throw refused('not-found')
    return mail
  }

  #put(accountId: AccountId, id: MailId, entry: MailEntry): void {
    const box: Box = this.#boxes.get(accountId) ?? new Map()
    this.#boxes.set(accountId, box)
    box.set(id, { ...entry, version: this.#log.head(accountId).sequence + 1 })
  }

  #deliver(id: MailId): void {
    const mail = this.#mail(id)
    const time = this.#log.time()
    for (const { accountId, mode } of mail.recipients) {
      if (accountId === null || mail.deliveries.has(accountId)) continue
      const number = mail.deliveries.size + 1
      const never = { sentAt: time, deliveredAt: null, readAt: null }
      const row = { number, accountId, address: null, mode, via: null, status: 'sent' as const, ...never }
      mail.deliveries.set(accountId, { ...row, version: ++mail.registers })
      const authored = accountId === mail.authorId
      this.#put(accountId, id, { ...blank(time), folder: 'inbox', received: true, authored, read: authored })
      this.#tell(accountId, id, 'mail.arrived')
    }
    this.#tellAuthor(id)
  }

  #move(id: MailId, accountId: AccountId, status: 'delivered' | 'read'): void {
    const mail = this.#mail(id)
    const row = mail.deliveries.get(accountId)
    if (!row || row.status === 'read' || row.status === status) return
    mail.deliveries.set(accountId, { ...row, status, version: ++mail.registers })
    this.#tellAuthor(id)
  }

  #tell(accountId: AccountId, mailId: MailId, kind: 'mail.composed' | 'mail.arrived' | 'mailbox.changed'): number {
    const sequence = this.#log.head(accountId).sequence + 1
    this.#put(accountId, mailId, this.entry(accountId, mailId))
    const unread = { ...this.unread(accountId), version: sequence }
    this.#log.append(accountId, kind, { mailId, mail: this.header(mailId, accountId), unread }, accountId)
    return sequence
  }
}

function blank(at: string): MailEntry {
  return {
    ...{ version: 0, folder: 'inbox', authored: false, received: false, read: false, starred: false },
    ...{ labels: [], snoozedUntil: null, at },
  }
}

function isBeyond({ id, entry }: MailHeader, next: string): boolean {
  const [at = '', last = '0'] = next.split(' ')
  return entry.at < at || (entry.at === at && id < Number(last))
}

function isSameContent(known: Draft, next: Omit<Draft, 'id' | 'version' | 'preview' | 'updatedAt'>): boolean {
  const { to, cc, bcc, subject, html, inReplyTo, forwardOf } = known
  const fields = (one: typeof next) => [one.to, one.cc, one.bcc, one.subject, one.html, one.inReplyTo, one.forwardOf]
  return JSON.stringify([to, cc, bcc, subject, html, inReplyTo, forwardOf]) === JSON.stringify(fields(next))
}
