/**
 * A consumer of the tail: reads the commit journal by a durable vector of its own and makes something of what was committed. The
 * cursor moves in the transaction that writes what was made; where nothing is to be written it is saved now and then, so
 * whatever a consumer makes has to be the same when it is made twice. One node at a time does it (`tail-lease.ts`).
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Commit, Store, Vector } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'
import type { Log } from './log.ts'
import { advance } from './moved-streams.ts'
import { TailLease } from './tail-lease.ts'

const pollMs = 250
const commitsPerSave = 500
const failurePauseMs = 1_000
/** Of each writer. */
const commitsPerTurn = 200
/** However slow a turn was: what it makes is waited for. */
const restAtMostMs = 3_000
/** How often a node looks whether the one that does the work still does. */
const standByMs = 1_000

export interface TailOptions {
  readonly store: Pick<Store, 'readJournal' | 'tail'>
  readonly log: Pick<Log, 'transact'>
  /** This incarnation of this node: one at a time does the work. */
  readonly node: string
  readonly clock: Clock
  readonly logger: Logger
}

export interface TailWork {
  /** The name of its cursor. */
  readonly consumer: string
  /** Where there is more to do it rests so many times as long as a turn took. */
  readonly restFactor: number
  /** Commits beyond are left for the next turn: under load one is hundreds of messages. */
  readonly eventsPerTurn: number
  /** What these commits ask for. Resolves to what is to be written with the cursor; null if nothing. */
  digest(commits: readonly Commit[]): Promise<((transaction: Transaction) => Promise<void>) | null>
  /** What else there is to do, a little at a time, while it keeps up with the log. Two nodes may do it at once. */
  meanwhile?(): Promise<'more' | 'done'>
}

export class TailConsumer implements AsyncDisposable {
  readonly #options: TailOptions
  readonly #work: TailWork
  readonly #lease: TailLease
  #vector: Vector | null = null
  #unsaved = 0
  #hasMore = true
  #closed = false
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: TailOptions, work: TailWork) {
    this.#options = options
    this.#work = work
    this.#lease = new TailLease({ ...options, consumer: work.consumer, holder: options.node })
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
      const { consumer } = this.#work
      if (!this.#closed)
        this.#options.logger.warn({ err: error, consumer }, 'the log could not be followed; trying again')
      this.#schedule(failurePauseMs)
    }
  }

  /** Answers with when to look again. */
  async #consume(): Promise<number> {
    const { store, clock } = this.#options
    const { consumer, restFactor, eventsPerTurn } = this.#work
    const othersMs = await this.#lease.readOthers()
    if (othersMs > 0) return this.#standBy(othersMs)
    // Without a cursor it begins at the log's beginning: its end would lose what was committed before the first cursor was written.
    this.#vector ??= (await store.tail.readCursor(consumer)) ?? new Map()
    const from = clock.now()
    const found = await store.readJournal(this.#vector, commitsPerTurn)
    if (found.length === 0) return await this.#meanwhile()
    const commits = takeUpTo(found, eventsPerTurn)
    const next = advance(this.#vector, commits)
    const write = await this.#work.digest(commits)
    this.#unsaved += commits.length
    if (write !== null || this.#unsaved >= commitsPerSave || this.#lease.isDue) {
      if (!(await this.#save(next, write))) return this.#standBy(pollMs)
      this.#unsaved = 0
    }
    this.#vector = next
    const isAll = commits.length === found.length && found.length < commitsPerTurn
    return isAll ? await this.#meanwhile() : Math.min((clock.now() - from) * restFactor, restAtMostMs)
  }

  /** Rests as long as it took: half of a processor where nobody writes. */
  async #meanwhile(): Promise<number> {
    const { clock } = this.#options
    const from = clock.now()
    if (this.#hasMore) this.#hasMore = (await this.#work.meanwhile?.()) === 'more'
    return this.#hasMore ? Math.min(clock.now() - from, pollMs) : pollMs
  }

  /** False if another node does this work now. */
  #save(vector: Vector, write: Awaited<ReturnType<TailWork['digest']>>): Promise<boolean> {
    return this.#options.log.transact(async transaction => {
      if (!(await this.#lease.take(transaction))) return false
      await write?.(transaction)
      await transaction.tail.move(this.#work.consumer, vector)
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

/** The oldest of every writer by turns, until there are so many: the last may bring more, or it would never be taken. */
function takeUpTo(commits: readonly Commit[], mostEvents: number): Commit[] {
  const writers = [...Map.groupBy(commits, commit => commit.writer).values()]
  const taken: Commit[] = []
  let events = 0
  for (let rank = 0; taken.length < commits.length; rank++) {
    for (const commit of writers.flatMap(own => own[rank] ?? [])) {
      if (events >= mostEvents) return taken
      taken.push(commit)
      events += commit.streams.reduce((sum, { from, to }) => sum + to - from, 0)
    }
  }
  return taken
}
