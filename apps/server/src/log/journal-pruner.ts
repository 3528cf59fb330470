/** Keeps the commit journal to about a day: long enough for any node to repair itself and for any mark worth resuming. */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Store } from '../store/store.ts'

const keptMs = 24 * 60 * 60 * 1_000
const pauseMs = 60_000

export interface JournalPrunerOptions {
  readonly store: Pick<Store, 'pruneJournal'>
  readonly clock: Clock
  readonly logger: Logger
}

export class JournalPruner implements AsyncDisposable {
  readonly #options: JournalPrunerOptions
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: JournalPrunerOptions) {
    this.#options = options
    this.#schedule()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#running
  }

  #schedule(): void {
    if (this.#closed) return
    this.#cancel = this.#options.clock.setTimer(pauseMs, () => {
      this.#running = this.#prune().finally(() => this.#schedule())
    })
  }

  async #prune(): Promise<void> {
    const { store, clock, logger } = this.#options
    try {
      while (!this.#closed && (await store.pruneJournal((clock.now() - keptMs) * 1_000)) > 0);
    } catch (error) {
      logger.warn({ err: error }, 'the commit journal could not be pruned')
    }
  }
}
