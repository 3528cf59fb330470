import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { Bus, BusSubject } from './bus.ts'

export interface MemoryBusOptions {
  readonly clock: Clock
  readonly logger: Logger
}

/** The bus of one process: one node alone, or several in a test. */
export function createMemoryBus({ clock, logger }: MemoryBusOptions): Bus {
  const handlers = new Map<BusSubject, Set<(payload: unknown) => void>>()
  let closed = false
  return {
    publish(subject, payload) {
      for (const handle of handlers.get(subject) ?? []) {
        clock.defer(() => {
          if (closed || !handlers.get(subject)?.has(handle)) return
          try {
            handle(payload)
          } catch (error) {
            logger.error({ err: error, subject }, 'a bus handler failed')
          }
        })
      }
    },
    async subscribe(subject, handle) {
      const set = handlers.get(subject) ?? new Set()
      set.add(handle)
      handlers.set(subject, set)
      return () => set.delete(handle)
    },
    async [Symbol.asyncDispose]() {
      closed = true
      handlers.clear()
    },
  }
}
