/**
 * The writer of one lane, replaced when its connection is lost. While the database is away it keeps trying with
 * back-off; whoever settles an unknown outcome here neither acknowledges nor refuses what it has in flight (L2).
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Attempt, Store, Writer } from '../store/store.ts'

const firstPauseMs = 50
const longestPauseMs = 1_000

export interface LaneWriterOptions {
  readonly store: Pick<Store, 'openWriter' | 'recoverWriter'>
  readonly clock: Clock
  readonly logger: Logger
}

/** The server stops: what waits is refused as unavailable. */
export class LaneClosed extends Error {
  constructor() {
    super('the lane is closed')
    this.name = 'LaneClosed'
  }
}

export class LaneWriter implements AsyncDisposable {
  readonly #options: LaneWriterOptions
  #writer: Writer | null = null
  #closed = false
  #wake: (() => void) | null = null

  constructor(options: LaneWriterOptions) {
    this.#options = options
  }

  /** The writer, if it is there. */
  get current(): Writer | null {
    return this.#writer
  }

  /** Rejects with what the database said last when it is still away at `until`: nothing was sent to it. */
  async get(until = Number.POSITIVE_INFINITY): Promise<Writer> {
    if (this.#writer !== null) return this.#writer
    const writer = await this.#insist(() => this.#options.store.openWriter(), until)
    this.#writer = writer
    return writer
  }

  /** Forgets a writer whose connection broke before anything was sent to be committed. */
  drop(): void {
    const writer = this.#writer
    this.#writer = null
    void writer?.[Symbol.asyncDispose]()
  }

  /** Settles an unknown outcome: whether that transaction was committed. */
  async settle(attempt: Attempt): Promise<boolean> {
    this.#writer = null
    const { writer, committed } = await this.#insist(() => this.#options.store.recoverWriter(attempt))
    this.#writer = writer
    return committed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#wake?.()
    await this.#writer?.[Symbol.asyncDispose]()
  }

  async #insist<Result>(attempt: () => Promise<Result>, until = Number.POSITIVE_INFINITY): Promise<Result> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      if (this.#closed) throw new LaneClosed()
      try {
        return await attempt()
      } catch (error) {
        if (this.#options.clock.now() >= until) throw error
        this.#options.logger.warn({ err: error }, 'the log has no connection to the database; trying again')
      }
      await this.#pause(pauseMs)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.clock.setTimer(ms, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
