/**
 * Where this node stands in the whole log, and what keeps a lost hint from mattering (L4): every commit of every writer
 * passes here once, in order per writer, announced or read from the journal. Its cost is what changed, not what is
 * watched.
 *
 * `vector` moves over a commit only after it was handed on.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Commit, Store, Vector } from '../store/store.ts'

export const repairMs = 500
const commitsPerRead = 500

export interface CommitSink {
  /** A commit nobody announced here, or whose announcement came out of order. */
  repair(commit: Commit): void
}

export interface JournalReaderOptions {
  readonly store: Pick<Store, 'readJournal' | 'readVector'>
  readonly clock: Clock
  readonly logger: Logger
  readonly sink: CommitSink
}

export class JournalReader implements AsyncDisposable {
  readonly #options: JournalReaderOptions
  readonly #vector: Map<number, number>
  #cancel: (() => void) | null = null
  #reading: Promise<void> | null = null
  #again = false
  #closed = false
  #failing = false

  private constructor(options: JournalReaderOptions, vector: Vector) {
    this.#options = options
    this.#vector = new Map(vector)
    this.#schedule(repairMs)
  }

  /** Starts at the log's end: what came before is read by whoever follows a stream. */
  static async start(options: JournalReaderOptions): Promise<JournalReader> {
    return new JournalReader(options, await options.store.readVector())
  }

  get vector(): Vector {
    return this.#vector
  }

  /** Whether the last read of the journal succeeded. */
  get healthy(): boolean {
    return !this.#failing
  }

  /** True if this commit is the next of its writer; then the reader has moved over it. */
  advance(commit: Commit): boolean {
    if (commit.number !== (this.#vector.get(commit.writer) ?? 0) + 1) return false
    this.#vector.set(commit.writer, commit.number)
    return true
  }

  /** Whether this commit was handed on before. */
  knows(commit: Commit): boolean {
    return commit.number <= (this.#vector.get(commit.writer) ?? 0)
  }

  readSoon(): void {
    if (this.#reading !== null) this.#again = true
    else this.#schedule(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#reading
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    this.#cancel?.()
    this.#cancel = this.#options.clock.setTimer(delayMs, () => {
      this.#reading = this.#read().finally(() => {
        this.#reading = null
        this.#schedule(this.#again ? 0 : repairMs)
        this.#again = false
      })
    })
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const commits = await this.#options.store.readJournal(this.#vector, commitsPerRead)
        this.#failing = false
        for (const commit of commits) {
          if (this.knows(commit)) continue
          this.#options.sink.repair(commit)
          this.#vector.set(commit.writer, commit.number)
        }
        if (commits.length < commitsPerRead || this.#closed) return
      }
    } catch (error) {
      if (!this.#failing) this.#options.logger.warn({ err: error }, 'the commit journal could not be read')
      this.#failing = true
    }
  }
}
