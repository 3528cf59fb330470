/** Work that is done again and again with a pause between, and never twice at once; disposing waits for what runs. */
import type { Clock } from './clock.ts'

export interface RepeatedWorkOptions {
  readonly clock: Clock
  readonly pauseMs: number
  /** Must not reject. Whatever goes on for long looks at `isClosed`. */
  readonly work: (isClosed: () => boolean) => Promise<void>
}

export class RepeatedWork implements AsyncDisposable {
  readonly #options: RepeatedWorkOptions
  #cancel: () => void = () => undefined
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: RepeatedWorkOptions) {
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
    const { clock, pauseMs, work } = this.#options
    this.#cancel = clock.setTimer(pauseMs, () => {
      this.#running = work(() => this.#closed).finally(() => this.#schedule())
    })
  }
}
