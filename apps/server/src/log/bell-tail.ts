/**
 * The tail's first consumer: the bell (N1). Reads the commit journal by a durable vector of its own and writes lines for
 * what names an account: mentions, replies, invitations. The cursor moves in the transaction that writes the lines, and
 * a line is written once however often its commit is read, so a crash or a second node repeats harmlessly. One node at a
 * time does it (`tail-lease.ts`).
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { BellCandidates } from '../store/bell.ts'
import type { Store, Vector } from '../store/store.ts'
import type { Log } from './log.ts'
import { advance, movedStreams } from './moved-streams.ts'
import { TailLease } from './tail-lease.ts'

const consumer = 'bell'
const pollMs = 250
const commitsPerRead = 200
/** Without a line to write the cursor is saved only so often: what is read twice writes nothing twice. */
const commitsPerSave = 500
const failurePauseMs = 1_000
/** How often a node looks whether the one that does the work still does. */
const standByMs = 1_000

export interface BellTailOptions {
  readonly store: Pick<Store, 'readJournal' | 'tail' | 'bell'>
  readonly log: Log
  /** This incarnation of this node: one at a time does the work. */
  readonly node: string
  readonly clock: Clock
  readonly logger: Logger
}

export class BellTail implements AsyncDisposable {
  readonly #options: BellTailOptions
  readonly #lease: TailLease
  #vector: Map<number, number> | null = null
  #unsaved = 0
  #closed = false
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: BellTailOptions) {
    this.#options = options
    this.#lease = new TailLease({ ...options, consumer, holder: options.node })
    this.#schedule(pollMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#running
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    this.#cancel = this.#options.clock.setTimer(delayMs, () => {
      this.#running = this.#turn()
    })
  }

  async #turn(): Promise<void> {
    try {
      this.#schedule(await this.#consume())
    } catch (error) {
      if (!this.#closed) this.#options.logger.warn({ err: error }, 'the bell could not follow the log; trying again')
      this.#schedule(failurePauseMs)
    }
  }

  /** Answers with when to look again. */
  async #consume(): Promise<number> {
    const { store } = this.#options
    const othersMs = await this.#lease.readOthers()
    if (othersMs > 0) return this.#standBy(othersMs)
    this.#vector ??= await this.#start()
    const commits = await store.readJournal(this.#vector, commitsPerRead)
    if (commits.length === 0) return pollMs
    const next = advance(this.#vector, commits)
    const candidates = await store.bell.readCandidates(movedStreams(commits))
    this.#unsaved += commits.length
    const isQuiet = candidates.lines.length === 0 && candidates.answers.length === 0
    if (!isQuiet || this.#unsaved >= commitsPerSave || this.#lease.isDue) {
      if (!(await this.#write(candidates, next))) return this.#standBy(pollMs)
      this.#unsaved = 0
    }
    this.#vector = next
    return commits.length >= commitsPerRead ? 0 : pollMs
  }

  /** False if another node does this work now. */
  #write(candidates: BellCandidates, next: Vector): Promise<boolean> {
    return this.#options.log.transact(async transaction => {
      if (!(await this.#lease.take(transaction))) return false
      await transaction.bell.ring(candidates)
      await transaction.tail.move(consumer, next)
      return true
    })
  }

  /** Whoever has the work moves the cursor on: it is read again before going on from it. */
  #standBy(forMs: number): number {
    this.#vector = null
    this.#unsaved = 0
    return Math.min(forMs, standByMs)
  }

  /**
   * Where the consumer got to; without a cursor at the log's beginning, which is as old as the consumer. To begin at its
   * end would lose what was committed before the first cursor was written.
   */
  async #start(): Promise<Map<number, number>> {
    return new Map((await this.#options.store.tail.readCursor(consumer)) ?? [])
  }
}
