/**
 * Gathers what devices say of how far they have stored their accounts' streams, and turns the mails that arrived by then
 * from sent to delivered (L11): the first at once, those that come meanwhile in the next transaction, at most one every
 * `pauseMs`. A position is monotone and only moves statuses on, so repeating one is harmless.
 */
import type { AccountId } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import { Refusal } from '../problem.ts'
import type { StoredUpTo } from '../store/mail.ts'
import type { Transaction } from '../store/transaction.ts'

const pauseMs = 500
const accountsPerTransaction = 1_000
const deliveriesPerTransaction = 1_000
/** Confirmations under way, those that a later one of the same account has overtaken too. */
const queueLimit = 50_000

export interface ConfirmationsOptions {
  readonly clock: Clock
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
}

interface Gathered {
  sequence: number
  readonly waiting: { resolve(): void; reject(error: unknown): void }[]
}

export class Confirmations implements AsyncDisposable {
  readonly #options: ConfirmationsOptions
  #gathered = new Map<AccountId, Gathered>()
  #waiting = 0
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: ConfirmationsOptions) {
    this.#options = options
  }

  confirm({ accountId, sequence }: StoredUpTo): Promise<void> {
    if (this.#closed) return Promise.reject(new Refusal('unavailable'))
    if (this.#waiting >= queueLimit) return Promise.reject(new Refusal('busy', { retryAfterMs: 1_000 }))
    this.#waiting += 1
    return new Promise((resolve, reject) => {
      const gathered = this.#gathered.get(accountId) ?? { sequence, waiting: [] }
      gathered.sequence = Math.max(gathered.sequence, sequence)
      gathered.waiting.push({ resolve, reject })
      this.#gathered.set(accountId, gathered)
      this.#running ??= this.#run()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#gathered.size > 0) {
      const batch = [...this.#gathered].slice(0, accountsPerTransaction)
      for (const [accountId] of batch) this.#gathered.delete(accountId)
      await this.#write(batch)
      if (!this.#closed) await new Promise<void>(resolve => this.#options.clock.setTimer(pauseMs, resolve))
    }
    this.#running = null
  }

  async #write(batch: readonly (readonly [AccountId, Gathered])[]): Promise<void> {
    const stored = batch.map(([accountId, { sequence }]) => ({ accountId, sequence }))
    const waiting = batch.flatMap(([, gathered]) => gathered.waiting)
    try {
      while ((await this.#options.transact(transaction => confirm(transaction, stored))) === 'more');
      for (const { resolve } of waiting) resolve()
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
    this.#waiting -= waiting.length
  }
}

async function confirm(transaction: Transaction, stored: readonly StoredUpTo[]): Promise<'more' | 'done'> {
  const places = await transaction.mail.findUnconfirmed(stored, deliveriesPerTransaction)
  if (places.length > 0) await transaction.mail.moveDeliveries(places, 'delivered')
  return places.length < deliveriesPerTransaction ? 'done' : 'more'
}
