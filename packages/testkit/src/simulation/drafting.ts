/** How somebody at a device writes drafts: word by word, upon what the SDK shows, sometimes slowly; and throws them away. */
import type { Client, DraftContent, MailClient } from '@recado/client'
import type { PostOptions } from './post.ts'
import type { ThrownDraft, TypedWord } from './record.ts'
import { wordsOf } from './words.ts'

/** Beyond so many somebody goes on writing one of them. */
const mostDrafts = 4
/** Typed words are safe after this if the program lives, and nobody signed in or out meanwhile. */
const safeAfterMs = 2_000
const slowestMs = 3_000

const empty: DraftContent = {
  ...{ to: [], cc: [], bcc: [], subject: '', html: '', inReplyTo: null, forwardOf: null, attachments: [] },
}

export interface WrittenDraft {
  readonly id: string
  readonly html: string
}

export class Drafting {
  readonly #options: PostOptions
  #drafts = 0
  #words = 0

  constructor(options: PostOptions) {
    this.#options = options
  }

  /** One of those that are shown. */
  pick(mail: MailClient): WrittenDraft | null {
    const shown = this.#options.dice.pick(mail.getSnapshot().drafts)
    const content = shown && mail.draft(shown.id).getSnapshot().content
    return shown && content ? { id: shown.id, html: content.html } : null
  }

  async write(mail: MailClient, client: Client): Promise<void> {
    const { device, dice, scheduler } = this.#options
    const { drafts } = mail.getSnapshot()
    const isNew = drafts.length === 0 || (drafts.length < mostDrafts && dice.chance(0.2))
    const id = isNew ? `${device.name}-draft-${++this.#drafts}` : (dice.pick(drafts)?.id ?? '')
    const upon = mail.draft(id).getSnapshot().content
    const { life } = device.program
    const { sessionId } = client.getSnapshot()
    if (dice.chance(0.3)) await scheduler.wait(dice.between(0, slowestMs))
    if (life.alive && client.getSnapshot().sessionId === sessionId) this.#type(id, upon, { mail, client })
  }

  async discard(mail: MailClient): Promise<void> {
    const { accountId, device, record, scheduler } = this.#options
    const draft = this.pick(mail)
    if (!draft) return
    const { id, html } = draft
    const { machine } = device
    const from = scheduler.now
    const thrown: ThrownDraft = { machine: machine.name, accountId, id, words: wordsOf(html), from, doneAt: null }
    record.thrown.push(thrown)
    record.count('drafts discarded')
    await mail.draft(id).discard()
    thrown.doneAt = scheduler.now
  }

  #type(id: string, upon: DraftContent | null, { mail, client }: { mail: MailClient; client: Client }): void {
    const { accountId, device, record, scheduler } = this.#options
    const { life } = device.program
    const word: TypedWord = {
      ...{ accountId, machine: device.machine.name, at: scheduler.now },
      ...{ text: `${device.name}w${++this.#words}`, draft: id, state: 'unknown' },
    }
    record.words.set(word.text, word)
    record.count('words of drafts')
    const { sessionId } = client.getSnapshot()
    mail.draft(id).save(this.#with(upon ?? empty, word.text), upon)
    scheduler.after(safeAfterMs, () => {
      if (life.alive && client.getSnapshot().sessionId === sessionId) word.state = 'kept'
    })
  }

  #with(content: DraftContent, word: string): DraftContent {
    const { dice, everybody } = this.#options
    const words = wordsOf(content.html)
    const place = dice.chance(0.5) ? words.length : dice.integer(words.length + 1)
    const somebody = dice.pick(everybody)
    const isTo = somebody !== undefined && dice.chance(0.2)
    return {
      ...content,
      html: `<p>${words.toSpliced(place, 0, word).join(' ')}</p>`,
      ...(isTo && { to: [{ accountId: somebody }] }),
      ...(dice.chance(0.1) && { subject: `About ${word}` }),
    }
  }
}
