/** What somebody at a device does with mail, at random, knowing only what the SDK shows. */
import type { Client, MailChange, MailClient, MailView } from '@recado/client'
import { type AccountId, limits, type MailHeader, type RecipientInput } from '@recado/protocol'
// Loaded with first use: what is not there yet would let virtual time pass without it.
import '../../../client/src/mail/mail-part.ts'
import type { Device } from './device.ts'
import type { Dice } from './dice.ts'
import { Drafting } from './drafting.ts'
import type { Letter, Record } from './record.ts'
import type { Scheduler } from './scheduler.ts'

export interface PostOptions {
  readonly device: Device
  readonly accountId: AccountId
  readonly everybody: readonly AccountId[]
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly record: Record
}

type Action = (mail: MailClient, client: Client) => Promise<unknown> | undefined

const views: readonly MailView[] = [
  { folder: 'inbox' },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'sent' },
  { folder: 'unsent' },
  { folder: 'starred' },
]

const changes: readonly MailChange[] = [
  { read: true },
  { read: false },
  { starred: true },
  { starred: false },
  { folder: 'archive' },
  { folder: 'trash' },
  { folder: 'inbox' },
  { addLabels: ['work'] },
  { removeLabels: ['work'] },
]

const longestSnoozeMs = 15_000

export class Post {
  readonly #options: PostOptions
  readonly #actions: readonly (readonly [number, Action])[] = [
    [8, (mail, client) => this.#send(mail, client)],
    [6, (mail, client) => this.#drafting.write(mail, client)],
    [0.5, mail => this.#drafting.discard(mail)],
    [5, mail => this.#read(mail)],
    [4, mail => this.#change(mail)],
    [1.5, mail => this.#snooze(mail)],
    [3, mail => this.#takeBack(mail)],
    [2, mail => this.#look(mail)],
  ]
  readonly #drafting: Drafting
  #letters = 0

  constructor(options: PostOptions) {
    this.#options = options
    this.#drafting = new Drafting(options)
  }

  async act(client: Client): Promise<void> {
    const mail = await client.mail()
    await this.#options.dice.weighted(this.#actions)(mail, client)
  }

  async #send(mail: MailClient, client: Client): Promise<void> {
    const { accountId, device, dice, record, scheduler } = this.#options
    const [accounts, groups] = this.#recipients(client)
    const draft = dice.chance(0.25) ? this.#drafting.pick(mail) : null
    const letter: Letter = {
      machine: device.machine.name,
      at: scheduler.now,
      accountId,
      subject: `${device.name} writes ${++this.#letters}`,
      accounts,
      groups,
      draftId: draft?.id ?? null,
      state: 'unknown',
      takenBack: [],
    }
    record.letters.push(letter)
    record.count('mails written')
    const recipients: RecipientInput[] = [
      ...accounts.map(id => ({ accountId: id })),
      ...groups.map(conversationId => ({ conversationId })),
    ]
    const copies = dice.integer(recipients.length)
    const answered = dice.chance(0.2) ? dice.pick(this.#shown(mail)) : undefined
    try {
      await mail.send({
        to: recipients.slice(copies),
        [dice.chance(0.5) ? 'cc' : 'bcc']: recipients.slice(0, copies),
        subject: letter.subject,
        body: draft ? { html: draft.html } : { text: letter.subject },
        ...(draft && { draftId: draft.id }),
        ...(dice.chance(0.3) && { undoSeconds: 1 + dice.integer(6) }),
        ...(answered && { inReplyTo: answered.id }),
      })
    } catch (error) {
      letter.state = 'given back'
      throw error
    }
    if (letter.state === 'unknown') letter.state = 'accepted'
  }

  #recipients(client: Client): [Letter['accounts'], Letter['groups']] {
    const { dice, everybody } = this.#options
    const groups = client.getSnapshot().conversations.filter(({ conversation }) => conversation.kind === 'group')
    const group = dice.chance(0.35) ? dice.pick(groups) : undefined
    const accounts = everybody.filter(() => dice.chance(0.4))
    const [first] = everybody
    if (!group && accounts.length === 0 && first !== undefined) accounts.push(dice.pick(everybody) ?? first)
    return [accounts, group ? [group.id] : []]
  }

  #read(mail: MailClient): Promise<unknown> | undefined {
    const unread = mail.list({ folder: 'inbox', only: 'unread' }).getSnapshot().items
    return unread.length === 0 ? undefined : mail.update(this.#some(unread), { read: true })
  }

  async #change(mail: MailClient): Promise<void> {
    const { dice, record } = this.#options
    const change = dice.pick(changes)
    const shown = this.#shown(mail)
    if (!change || shown.length === 0) return
    record.count('mails changed')
    const undo = await mail.update(this.#some(shown), change)
    if (dice.chance(0.2)) await mail.undo(undo)
  }

  async #snooze(mail: MailClient): Promise<void> {
    const { accountId, dice, record, scheduler } = this.#options
    const shown = mail.list({ folder: 'inbox' }).getSnapshot().items
    if (shown.length === 0) return
    const mailIds = this.#some(shown)
    const until = scheduler.now + Math.round(dice.between(1_000, longestSnoozeMs))
    record.snoozes.push({ accountId, mailIds, until })
    record.count('mails put off')
    await mail.update(mailIds, { snoozedUntil: new Date(until).toISOString() })
  }

  async #takeBack(mail: MailClient): Promise<void> {
    const { accountId, dice, record } = this.#options
    const held = mail
      .list({ folder: 'unsent' })
      .getSnapshot()
      .items.filter(({ state }) => state === 'held')
    const which = dice.pick([
      ...held.map(({ id, subject }) => ({ subject, what: { mailId: id } })),
      ...mail.getSnapshot().outbox.map(({ entryId, input }) => ({ subject: input.subject, what: { entryId } })),
    ])
    if (!which) return
    const letter = record.letters.find(one => one.accountId === accountId && one.subject === which.subject)
    const place = letter?.takenBack.push('unknown') ?? 0
    const isBack = await mail.takeBack(which.what)
    if (isBack) record.count('mails taken back')
    if (letter) letter.takenBack[place - 1] = isBack ? 'yes' : 'no'
  }

  /** As somebody does who opens a list, a thread or the statuses of a mail, and leaves it again or does not. */
  #look(mail: MailClient): undefined {
    const { dice } = this.#options
    const view = dice.pick(views)
    const shown = dice.pick(this.#shown(mail))
    const handles = [
      ...(view ? [mail.list(view)] : []),
      ...(shown ? [mail.thread(shown.threadId)] : []),
      ...(shown?.entry.authored ? [mail.deliveries(shown.id)] : []),
    ]
    const stop = dice.pick(handles)?.subscribe(() => undefined)
    if (dice.chance(0.5)) stop?.()
    return undefined
  }

  #shown(mail: MailClient): readonly MailHeader[] {
    const view = this.#options.dice.pick(views)
    return view ? mail.list(view).getSnapshot().items : []
  }

  #some(mails: readonly MailHeader[]): MailHeader['id'][] {
    const { dice } = this.#options
    const some = mails.filter(() => dice.chance(0.3)).slice(0, limits.pageSize)
    const chosen = some.length > 0 ? some : mails.slice(0, 1)
    return chosen.map(({ id }) => id)
  }
}
