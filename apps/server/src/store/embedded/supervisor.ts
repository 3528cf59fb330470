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

/** The first restart is at once: the usual death is one kill. A database that cannot live is tried twelve times a minute. */
const firstPauseMs = 100
const longestPauseMs = 5_000

export async function supervise(options: SupervisorOptions): Promise<Supervisor> {
  const stopping = new AbortController()
  let current = await options.start(stopping.signal)
  const watching = watch()

  async function watch(): Promise<void> {
    for (;;) {
      await current.exited
      if (stopping.signal.aborted) return
      options.logger.error({}, 'the database ended unexpectedly and is being started again')
      options.onStateChange('down')
      const next = await restart(options, stopping.signal)
      if (next === undefined) return
      current = next
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

async function restart(options: SupervisorOptions, signal: AbortSignal): Promise<Postmaster | undefined> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (signal.aborted) return undefined
    try {
      return await options.start(signal)
    } catch (error) {
      if (signal.aborted) return undefined
      options.logger.error({ err: error }, 'the database could not be started again')
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
