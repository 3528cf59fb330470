/**
 * Gathers moves of positions and writes them together (L11): the first at once, those that come meanwhile in the next
 * transaction, at most one transaction every `pauseMs`. Moves are monotone, so repeating them is harmless.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { isTransient } from '../outage.ts'
import { Refusal } from '../problem.ts'
import type { PositionMove } from '../store/registers.ts'
import { OutcomeUnknown, type Store } from '../store/store.ts'
import type { Announcer } from './announcement.ts'
import { storeRefusal } from './failure.ts'
import { LaneWriter } from './lane-writer.ts'

const pauseMs = 100
const movesPerTransaction = 2_000
/** Moves under way, those that others of the same position have overtaken too. */
const queueLimit = 50_000

export interface RegisterLaneOptions {
  readonly store: Pick<Store, 'openWriter' | 'recoverWriter'>
  readonly clock: Clock
  readonly logger: Logger
  readonly announcer: Announcer
}

interface Gathered {
  move: PositionMove
  readonly waiting: { resolve(): void; reject(error: unknown): void }[]
}

export class RegisterLane implements AsyncDisposable {
  readonly #options: RegisterLaneOptions
  readonly #writer: LaneWriter
  readonly #gathered = new Map<string, Gathered>()
  #waiting = 0
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: RegisterLaneOptions) {
    this.#options = options
    this.#writer = new LaneWriter(options)
  }

  move(move: PositionMove): Promise<void> {
    if (this.#closed) return Promise.reject(new Refusal('unavailable'))
    if (this.#waiting >= queueLimit) return Promise.reject(new Refusal('busy', { retryAfterMs: 1_000 }))
    this.#waiting += 1
    return new Promise((resolve, reject) => {
      const key = `${move.conversationId} ${move.accountId}`
      const known = this.#gathered.get(key)
      if (known === undefined) this.#gathered.set(key, { move, waiting: [{ resolve, reject }] })
      else {
        known.move = {
          ...move,
          delivered: Math.max(known.move.delivered, move.delivered),
          read: Math.max(known.move.read, move.read),
        }
        known.waiting.push({ resolve, reject })
      }
      this.#running ??= this.#run()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const cancel = this.#options.clock.setTimer(2_000, () => void this.#writer[Symbol.asyncDispose]())
    await this.#running
    cancel()
    await this.#writer[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#gathered.size > 0) {
      const batch: Gathered[] = []
      for (const [key, gathered] of this.#gathered) {
        batch.push(gathered)
        this.#gathered.delete(key)
        if (batch.length >= movesPerTransaction) break
      }
      await this.#write(batch)
      if (!this.#closed) await new Promise<void>(resolve => this.#options.clock.setTimer(pauseMs, resolve))
    }
    this.#running = null
  }

  async #write(batch: readonly Gathered[]): Promise<void> {
    // By conversation and account: the order in which rows are locked.
    const moves = batch
      .map(gathered => gathered.move)
      .sort((a, b) => a.conversationId - b.conversationId || a.accountId - b.accountId)
    try {
      await this.#insist(moves)
      for (const { waiting } of batch) for (const { resolve } of waiting) resolve()
    } catch (error) {
      for (const { waiting } of batch) for (const { reject } of waiting) reject(storeRefusal(error))
    }
    for (const { waiting } of batch) this.#waiting -= waiting.length
  }

  async #insist(moves: readonly PositionMove[]): Promise<void> {
    for (;;) {
      const writer = await this.#writer.get()
      try {
        const { changed, commit } = await writer.movePositions(moves)
        if (commit !== null) this.#options.announcer.announce({ commit, events: new Map(), changed })
        return
      } catch (error) {
        if (error instanceof OutcomeUnknown) {
          if (await this.#writer.settle(error.attempt)) this.#options.announcer.repairSoon()
        } else if (!isTransient(error)) throw error
      }
    }
  }
}
