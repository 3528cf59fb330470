/**
 * The lane of everything slow or wide: membership, accounts, the tail. One transaction at a time on a writer of its own,
 * so that a long one never holds a message up. Upholds L1 and L2.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { isTransient } from '../outage.ts'
import { Refusal } from '../problem.ts'
import { OutcomeUnknown, type Store, WriterLost } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Announcer } from './announcement.ts'
import { storeRefusal } from './failure.ts'
import { LaneWriter } from './lane-writer.ts'

const queueLimit = 5_000
const transientAttempts = 3
const patienceMs = 10_000

export interface SideLaneOptions {
  readonly store: Pick<Store, 'openWriter' | 'recoverWriter'>
  readonly clock: Clock
  readonly logger: Logger
  readonly announcer: Announcer
}

interface Job {
  /** Nothing of it was sent to the database by then: it is refused. */
  readonly deadline: number
  run(): Promise<void>
  reject(error: unknown): void
}

export class SideLane implements AsyncDisposable {
  readonly #options: SideLaneOptions
  readonly #writer: LaneWriter
  readonly #queue: Job[] = []
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: SideLaneOptions) {
    this.#options = options
    this.#writer = new LaneWriter(options)
  }

  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(new Refusal('unavailable'))
    if (this.#queue.length >= queueLimit) return Promise.reject(new Refusal('busy', { retryAfterMs: 1_000 }))
    const deadline = this.#options.clock.now() + patienceMs
    return new Promise((resolve, reject) => {
      const run = () => this.#perform(work, deadline).then(resolve, error => reject(storeRefusal(error)))
      this.#queue.push({ deadline, run, reject })
      this.#running ??= this.#run()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const cancel = this.#options.clock.setTimer(patienceMs / 2, () => void this.#writer[Symbol.asyncDispose]())
    await this.#running
    cancel()
    await this.#writer[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      const stopWatching = this.#watchPatience()
      await job.run()
      stopWatching()
    }
    this.#running = null
  }

  /** While a job is in flight, looks about once a second whether those behind it have waited too long. */
  #watchPatience(): () => void {
    let cancel: () => void = () => undefined
    const look = () => {
      this.#refuseImpatient()
      cancel = this.#options.clock.setTimer(1_000, look)
    }
    cancel = this.#options.clock.setTimer(1_000, look)
    return () => cancel()
  }

  #refuseImpatient(): void {
    const now = this.#options.clock.now()
    const patient = this.#queue.findIndex(job => job.deadline > now)
    const impatient = this.#queue.splice(0, patient === -1 ? this.#queue.length : patient)
    for (const job of impatient) job.reject(new Refusal('unavailable'))
  }

  async #perform<Result>(work: (transaction: Transaction) => Promise<Result>, deadline: number): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const writer = await this.#writer.get(deadline)
      let computed: { readonly result: Result } | null = null
      try {
        const { result, commit, changed } = await writer.transact(async transaction => {
          const value = await work(transaction)
          computed = { result: value }
          return value
        })
        if (commit !== null) this.#options.announcer.announce({ commit, events: new Map(), changed })
        return result
      } catch (error) {
        if (error instanceof OutcomeUnknown) {
          if ((await this.#writer.settle(error.attempt)) && computed !== null) {
            this.#options.announcer.repairSoon()
            return (computed as { readonly result: Result }).result
          }
        } else if (error instanceof WriterLost) this.#writer.drop()
        else if (!(isTransient(error) && attempt < transientAttempts)) throw error
      }
    }
  }
}
