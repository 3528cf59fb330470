/**
 * The tail's consumer that keeps what is searched up to date: reads the commit journal by a durable vector of its own and brings the
 * words of what was written, edited and deleted up to date, outside of every lane. What is read twice is written once, so
 * the cursor follows at leisure. One node at a time does it (`tail-lease.ts`).
 *
 * It rests between its turns for a multiple of what they took: where there is much to do, people write, and whoever writes goes first.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Store, Vector } from '../store/store.ts'
import type { Log } from './log.ts'
import { advance, movedStreams } from './moved-streams.ts'
import { TailLease } from './tail-lease.ts'

const consumer = 'search'
const pollMs = 250
/** Few: under load each is hundreds of messages. */
const commitsPerTurn = 8
const restFactor = 9
const commitsPerSave = 500
const failurePauseMs = 1_000
const standByMs = 1_000

export interface SearchTailOptions {
  readonly store: Pick<Store, 'readJournal' | 'tail' | 'search'>
  readonly log: Log
  /** This incarnation of this node. */
  readonly node: string
  readonly clock: Clock
  readonly logger: Logger
}

export class SearchTail implements AsyncDisposable {
  readonly #options: SearchTailOptions
  readonly #lease: TailLease
  #vector: Vector | null = null
  #unsaved = 0
  #closed = false
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: SearchTailOptions) {
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
      if (!this.#closed) this.#options.logger.warn({ err: error }, 'search could not follow the log; trying again')
      this.#schedule(failurePauseMs)
    }
  }

  /** Answers with when to look again. */
  async #consume(): Promise<number> {
    const { store, clock } = this.#options
    const othersMs = await this.#lease.readOthers()
    if (othersMs > 0) return this.#standBy(othersMs)
    this.#vector ??= (await store.tail.readCursor(consumer)) ?? new Map()
    const from = clock.now()
    const commits = await store.readJournal(this.#vector, commitsPerTurn)
    if (commits.length === 0) return pollMs
    const next = advance(this.#vector, commits)
    await store.search.index(movedStreams(commits))
    this.#unsaved += commits.length
    if (this.#unsaved >= commitsPerSave || this.#lease.isDue) {
      if (!(await this.#save(next))) return this.#standBy(pollMs)
      this.#unsaved = 0
    }
    this.#vector = next
    return commits.length < commitsPerTurn ? pollMs : (clock.now() - from) * restFactor
  }

  /** False if another node does this work now. */
  #save(vector: Vector): Promise<boolean> {
    return this.#options.log.transact(async transaction => {
      if (!(await this.#lease.take(transaction))) return false
      await transaction.tail.move(consumer, vector)
      return true
    })
  }

  /** Whoever has the work moves the cursor on: it is read again before going on from it. */
  #standBy(forMs: number): number {
    this.#vector = null
    this.#unsaved = 0
    return Math.min(forMs, standByMs)
  }
}
