/**
 * Makes formatted bodies storable, one after another in a thread of its own. One that takes too long or too much memory ends
 * the thread and is refused; the next gets a new one. Memory is bounded by the queue, which refuses what it has no room for.
 */
import { Worker } from 'node:worker_threads'
import { Refusal } from '../problem.ts'
import type { FormattedBody } from './sanitise.ts'

export interface FormattedBodies {
  /** Raises `invalid-input` for what cannot be read in time, `busy` when too many wait. */
  sanitise(html: string): Promise<FormattedBody>
}

export interface FormattedBodiesOptions {
  /** For each body. */
  readonly timeoutMs?: number
  readonly idleMs?: number
}

const program = new URL('worker.ts', import.meta.url)
const heapMegabytes = 128
const queueLimit = 100

export class WorkerBodies implements FormattedBodies, AsyncDisposable {
  readonly #timeoutMs: number
  readonly #idleMs: number
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor({ timeoutMs = 5_000, idleMs = 60_000 }: FormattedBodiesOptions = {}) {
    this.#timeoutMs = timeoutMs
    this.#idleMs = idleMs
  }

  async sanitise(html: string): Promise<FormattedBody> {
    if (this.#waiting >= queueLimit) throw new Refusal('busy', { retryAfterMs: 1_000 })
    this.#waiting += 1
    const turn = this.#last.then(() => this.#read(html))
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last
    await this.#end()
  }

  async #read(html: string): Promise<FormattedBody> {
    clearTimeout(this.#idle)
    this.#worker ??= start()
    const worker = this.#worker
    const { promise, resolve, reject } = Promise.withResolvers<FormattedBody>()
    const fail = (cause?: unknown) =>
      reject(new Refusal('invalid-input', { detail: 'The formatted body could not be read.' }, { cause }))
    const timer = setTimeout(fail, this.#timeoutMs)
    worker.once('message', resolve).once('error', fail).once('exit', fail)
    worker.postMessage(html)
    try {
      return await promise
    } catch (error) {
      await this.#end()
      throw error
    } finally {
      clearTimeout(timer)
      worker.off('message', resolve).off('error', fail).off('exit', fail)
      this.#idle = setTimeout(() => void this.#end(), this.#idleMs).unref()
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = null
    await worker?.terminate()
  }
}

function start(): Worker {
  const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes }, env: {} })
  // It must not keep a server alive that has nothing else to do.
  worker.unref()
  return worker
}
