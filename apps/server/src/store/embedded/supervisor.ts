/** Keeps PostgreSQL's main process running: one that dies is started again, with growing pauses, until stopped. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import type { Postmaster } from './postmaster.ts'

export type DatabaseState = 'up' | 'down'

export interface SupervisorOptions {
  /** Starts the process after clearing away what the last one left. Aborting it must end the process. */
  readonly start: (signal: AbortSignal) => Promise<Postmaster>
  readonly onStateChange: (state: DatabaseState) => void
  readonly logger: Logger
}

export interface Supervisor extends AsyncDisposable {
  readonly pid: number
}

const firstPauseMs = 100
const longestPauseMs = 5_000
/** One that lived this long died of something new, and is started again without a pause. */
const calmMs = 1_000

export async function supervise(options: SupervisorOptions): Promise<Supervisor> {
  const stopping = new AbortController()
  let current = await options.start(stopping.signal)
  const watching = watch()

  async function watch(): Promise<void> {
    let startedAt = performance.now()
    let pauseMs = 0
    for (;;) {
      await current.exited
      if (stopping.signal.aborted) return
      options.logger.error({}, 'the database ended unexpectedly and is being started again')
      options.onStateChange('down')
      pauseMs = performance.now() - startedAt > calmMs ? 0 : lengthen(pauseMs)
      const next = await restart(options, pauseMs, stopping.signal)
      if (next === undefined) return
      current = next
      startedAt = performance.now()
      options.logger.info({}, 'the database is up again')
      options.onStateChange('up')
    }
  }

  return {
    get pid() {
      return current.pid
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await current.stop()
      await watching
    },
  }
}

/** `undefined` when it is to stop instead. */
async function restart(
  options: SupervisorOptions,
  afterMs: number,
  signal: AbortSignal,
): Promise<Postmaster | undefined> {
  for (let pauseMs = afterMs; ; pauseMs = lengthen(pauseMs)) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return undefined
    try {
      const started = await options.start(signal)
      if (!signal.aborted) return started
      await started.stop()
      return undefined
    } catch (error) {
      if (signal.aborted) return undefined
      options.logger.error({ err: error }, 'the database could not be started again')
    }
  }
}

function lengthen(pauseMs: number): number {
  return Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs)
}
