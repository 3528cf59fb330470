/**
 * Mails that can be read without a network: those that were read on this device, and those that arrive in the inbox, which
 * are fetched one at a time. A body never changes; what one's mailbox says of the mail is in its header.
 */
import type { Mail, MailHeader, MailId } from '@recado/protocol'
import { type MailContext, priorities, pull } from './context.ts'
import { compareMails, countsAsUnread } from './entries.ts'

/** Wanted at once: of a flood only the newest. */
const wantedLimit = 100
const pauseMs = 100

export class Bodies {
  readonly #context: MailContext
  readonly #wanted = new Set<MailId>()
  #pausing = false

  constructor(context: MailContext) {
    this.#context = context
  }

  /** Those that are kept. */
  async read(ids: readonly MailId[]): Promise<Mail[]> {
    const { core } = this.#context
    const read = core.writer.transact(cache =>
      cache.read(['mailBodies'], rows => Promise.all(ids.map(id => rows.get('mailBodies', id)))),
    )
    return ((await core.guard(read)) ?? []).filter(mail => mail !== undefined)
  }

  keep(mails: readonly Mail[]): void {
    const { core } = this.#context
    for (const mail of mails) this.#wanted.delete(mail.id)
    const { epoch } = core.model
    core.writer.add({
      kind: 'run',
      work: async rows => {
        const meta = await rows.get('meta', 'meta')
        if (meta && meta.epoch !== epoch) return
        for (const mail of mails) await rows.put('mailBodies', mail.id, mail)
      },
    })
  }

  /** To be fetched when there is nothing better to do. */
  want({ id, entry }: MailHeader): void {
    // Who keeps nothing for somebody else's eyes need not read everything.
    if (this.#context.core.options.receipts === 'none' || entry.folder !== 'inbox' || entry.read) return
    this.#wanted.add(id)
    for (const oldest of this.#wanted) {
      if (this.#wanted.size <= wantedLimit) break
      this.#wanted.delete(oldest)
    }
    this.#fetch()
  }

  /** Of what came while nobody was here to fetch it, the newest. */
  async wantUnread(): Promise<void> {
    const unread = [...this.#context.headers.all()].filter(header => countsAsUnread(header.entry))
    const newest = unread.sort(compareMails).slice(0, wantedLimit)
    const kept = new Set((await this.read(newest.map(header => header.id))).map(mail => mail.id))
    for (const header of newest.reverse()) if (!kept.has(header.id)) this.want(header)
    this.#fetch()
  }

  #fetch(): void {
    if (this.#wanted.size === 0 || this.#pausing) return
    pull(this.#context, 'mail.get', {
      name: 'bodies',
      priority: priorities.kept,
      data: () => {
        const id = [...this.#wanted].at(-1)
        return id === undefined ? null : { mailId: id }
      },
      settle: outcome => {
        if ('result' in outcome) this.keep([outcome.result])
        else if (outcome.problem.retry === 'never') this.#wanted.clear()
        this.#pause()
        return 'done'
      },
    })
  }

  /** What somebody asks for goes in between. */
  #pause(): void {
    this.#pausing = true
    this.#context.core.clock.setTimer(pauseMs, () => {
      this.#pausing = false
      this.#fetch()
    })
  }
}
