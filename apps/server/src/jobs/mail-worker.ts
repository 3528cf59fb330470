/**
 * What mail needs done after the commit: held mails are released when their time has come, what was snoozed comes back, and
 * queued deliveries reach their mailboxes, some dozens at a time (M6).
 *
 * The rows are the queue: a delivery is queued until the transaction that tells its recipient says sent. So a crash at any
 * point leaves each delivery either queued or sent, and whoever goes on delivers nobody twice and forgets nobody (L2).
 * Every piece of work is one short transaction of the side lane, and other work of that lane goes between them. One node
 * at a time does it (`log/tail-lease.ts`). Between deliveries it rests as long as they took, so that a mail to ten thousand
 * leaves chat half of the database at least.
 */
import type { AccountId, MailId } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log/log.ts'
import { deliver } from '../log/mail-delivery.ts'
import { releaseDue } from '../log/mail-release.ts'
import { TailLease } from '../log/tail-lease.ts'
import type { Logger } from '../logger.ts'
import type { MailWork } from '../store/mail.ts'
import type { Store } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'

const consumer = 'mail'
const pollMs = 250
const failurePauseMs = 1_000
/** How often a node looks whether the one that does the work still does. */
const standByMs = 1_000
const mailsPerTurn = 50
/** Chat waits for a processor as long as one of these transactions takes: with 200 its p99 doubles. */
const deliveriesPerTransaction = 50

export interface MailWorkerOptions {
  readonly store: Pick<Store, 'tail' | 'mail'>
  readonly log: Pick<Log, 'transact'>
  /** This incarnation of this node: one at a time does the work. */
  readonly node: string
  readonly clock: Clock
  readonly logger: Logger
}

export class MailWorker implements AsyncDisposable {
  readonly #options: MailWorkerOptions
  readonly #lease: TailLease
  #closed = false
  #isRunning = false
  #again = false
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: MailWorkerOptions) {
    this.#options = options
    this.#lease = new TailLease({ ...options, consumer, holder: options.node })
    this.#schedule(pollMs)
  }

  /** There is work: looks at once instead of at the next poll. */
  wake(): void {
    if (this.#isRunning) this.#again = true
    else this.#schedule(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#running
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    this.#cancel()
    this.#cancel = this.#options.clock.setTimer(delayMs, () => {
      this.#running = this.#turn()
    })
  }

  async #turn(): Promise<void> {
    this.#isRunning = true
    this.#again = false
    let pauseMs = failurePauseMs
    try {
      pauseMs = await this.#work()
    } catch (error) {
      if (!this.#closed) this.#options.logger.warn({ err: error }, 'mail could not be worked on; trying again')
    }
    this.#isRunning = false
    // Its own deliveries wake it too: they must not take the pauses from it.
    this.#schedule(this.#again && pauseMs === pollMs ? 0 : pauseMs)
  }

  /** Answers with when to look again. */
  async #work(): Promise<number> {
    const work = await this.#options.store.mail.findWork(mailsPerTurn)
    if (work.due.length === 0 && work.queued === 'none' && work.snoozed.length === 0) return pollMs
    // Asked only where there is work: an idle node's look is one statement.
    const othersMs = await this.#lease.readOthers()
    if (othersMs > 0) return Math.min(othersMs, standByMs)
    for (const mailId of work.due) {
      if (!(await this.#perform(transaction => releaseDue(transaction, mailId)))) return pollMs
    }
    if (work.snoozed.length > 0) await this.#perform(transaction => bringBack(transaction, work.snoozed))
    if (work.queued === 'none') return 0
    const begun = this.#options.clock.now()
    await this.#perform(deliverSome)
    return Math.min(this.#options.clock.now() - begun, pollMs - 1)
  }

  /** False if another node does this work now, or this one stops. */
  async #perform(work: (transaction: Transaction) => Promise<void>): Promise<boolean> {
    if (this.#closed) return false
    return await this.#options.log.transact(async transaction => {
      if (!(await this.#lease.take(transaction))) return false
      await work(transaction)
      return true
    })
  }
}

async function deliverSome(transaction: Transaction): Promise<void> {
  await deliver(transaction, await transaction.mail.findQueued(deliveriesPerTransaction))
}

/** To the top of the inbox, unread, as if they came at the time that was asked for. */
async function bringBack(transaction: Transaction, snoozed: MailWork['snoozed']): Promise<void> {
  const accounts = Map.groupBy(snoozed, entry => entry.accountId)
  await transaction.lockStreams([], [...accounts.keys()])
  for (const [accountId, entries] of accounts) {
    await bringBackOf(
      transaction,
      accountId,
      entries.map(entry => entry.mailId),
    )
  }
}

async function bringBackOf(transaction: Transaction, accountId: AccountId, mailIds: readonly MailId[]): Promise<void> {
  const found = await transaction.mail.findEntries(accountId, mailIds)
  const due = found.flatMap(({ state: _, ...entry }) => {
    const { snoozedUntil } = entry
    if (snoozedUntil === null || snoozedUntil > transaction.micros) return []
    return [{ ...entry, snoozedUntil: null, read: false, sortMicros: snoozedUntil }]
  })
  if (due.length === 0) return
  const sequences = await transaction.appendEvents(
    due.map(({ mailId }) => {
      return { stream: accountId, kind: 'mailbox.changed' as const, actorId: null, target: mailId }
    }),
  )
  await transaction.mail.putEntries(due.map((entry, index) => ({ ...entry, version: sequences[index] ?? 0 })))
}
