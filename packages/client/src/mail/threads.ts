/** Threads with their bodies: what this device keeps at once, then as the server has it, then as mails come and change. */
import { limits, type Mail, type MailHeader, type MailId, type Problem } from '@recado/protocol'
import { newerHeader } from '../cache/mail-headers.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { Listeners } from './hub.ts'
import type { MailThreadHandle, MailThreadSnapshot } from './mail-api.ts'

const mailsPerPage = 20

export class Threads {
  readonly #context: MailContext
  readonly #threads = new Map<MailId, Thread>()

  constructor(context: MailContext) {
    this.#context = context
  }

  thread(id: MailId): Thread {
    const known = this.#threads.get(id)
    if (known) return known
    const thread = new Thread(this.#context, id)
    this.#threads.set(id, thread)
    return thread
  }

  mailsChanged(ids: ReadonlySet<MailId>): void {
    for (const id of ids) {
      const header = this.#context.headers.get(id)
      if (header) this.#threads.get(header.threadId)?.mailChanged(header)
    }
  }

  connectionChanged(): void {
    for (const thread of this.#threads.values()) thread.connectionChanged()
  }
}

export class Thread implements MailThreadHandle {
  readonly #context: MailContext
  readonly #id: MailId
  readonly #listeners: Listeners
  readonly #mails = new Map<MailId, Mail>()
  readonly #shown = new Map<MailId, { readonly mail: Mail; readonly header: MailHeader; readonly result: Mail }>()
  #state: 'closed' | 'loading' | 'shown' = 'closed'
  /** Moves with each opening: what was asked for before is not for this one. */
  #opening = 0
  #next: string | null = null
  #problem: Problem | null = null
  #snapshot: MailThreadSnapshot | null = null

  constructor(context: MailContext, id: MailId) {
    this.#context = context
    this.#id = id
    this.#listeners = new Listeners(context.hub)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#listeners.add(listener)
    if (this.#state === 'closed') void this.#open()
    return () => {
      stop()
      if (this.#listeners.all.size === 0) this.#close()
    }
  }

  readonly getSnapshot = (): MailThreadSnapshot => {
    this.#snapshot ??= {
      mails: [...this.#mails.values()].sort((a, b) => a.id - b.id).map(mail => this.#show(mail)),
      loading: this.#state !== 'shown',
      problem: this.#problem,
    }
    return this.#snapshot
  }

  mailChanged(header: MailHeader): void {
    if (this.#state === 'closed') return
    if (!this.#mails.has(header.id)) this.#loadOne(header.id)
    this.#changed()
  }

  connectionChanged(): void {
    if (this.#state === 'closed') return
    if (this.#context.core.online()) this.#load()
    else if (this.#state === 'loading') this.#offline()
    this.#changed()
  }

  async #open(): Promise<void> {
    const { core, bodies, headers } = this.#context
    const opening = ++this.#opening
    this.#state = 'loading'
    const ids = [...headers.all()].filter(header => header.threadId === this.#id).map(header => header.id)
    if (core.online()) this.#load()
    const kept = await bodies.read(ids)
    if (opening !== this.#opening) return
    for (const mail of kept) if (!this.#mails.has(mail.id)) this.#mails.set(mail.id, mail)
    if (!core.online()) this.#offline()
    this.#changed()
  }

  #close(): void {
    this.#opening++
    this.#state = 'closed'
    this.#mails.clear()
    this.#shown.clear()
    this.#problem = null
    this.#snapshot = null
  }

  /** Without a network it shows what is kept of it. */
  #offline(): void {
    this.#state = 'shown'
  }

  #load(): void {
    const opening = this.#opening
    this.#next = null
    pull(this.#context, 'thread.get', {
      name: `thread:${this.#id}`,
      priority: priorities.shown,
      data: () => {
        if (opening !== this.#opening) return null
        return { threadId: this.#id, limit: mailsPerPage, ...(this.#next !== null && { next: this.#next }) }
      },
      settle: outcome => {
        if (opening !== this.#opening) return 'done'
        this.#problem = 'problem' in outcome ? outcome.problem : null
        if ('result' in outcome) {
          this.#take(outcome.result.items)
          this.#next = outcome.result.next
        }
        const done = 'problem' in outcome || outcome.result.next === null
        if (done) this.#state = 'shown'
        this.#changed()
        return done ? 'done' : 'again'
      },
    })
  }

  #loadOne(mailId: MailId): void {
    const opening = this.#opening
    pull(this.#context, 'mail.get', {
      name: `mail:${mailId}`,
      priority: priorities.shown,
      data: () => (opening === this.#opening && !this.#mails.has(mailId) ? { mailId } : null),
      settle: outcome => {
        if ('result' in outcome && opening === this.#opening) this.#take([outcome.result])
        this.#changed()
        return 'done'
      },
    })
  }

  #take(mails: readonly Mail[]): void {
    for (const mail of mails) this.#mails.set(mail.id, mail)
    this.#context.bodies.keep(mails)
    this.#context.headers.learn(mails.map(headerOf), 'new')
  }

  /** With what is known of it now; the same object while nothing of it changes. */
  #show(mail: Mail): Mail {
    const { headers, wishes } = this.#context
    const known = headers.get(mail.id)
    if (!known) return mail
    const header = wishes.over(known)
    const before = this.#shown.get(mail.id)
    if (before?.mail === mail && before.header === header) return before.result
    const newer = newerHeader(mail, header)
    const result = { ...mail, ...newer, recipients: mail.recipients }
    this.#shown.set(mail.id, { mail, header, result })
    return result
  }

  #changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
  }
}

/** As lists show it. */
function headerOf({ text: _, html: __, attachments: ___, ...header }: Mail): MailHeader {
  return { ...header, recipients: header.recipients.slice(0, limits.recipientsInLists) }
}
