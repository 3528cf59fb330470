import type { TestServer } from '@recado/testkit'

/**
 * Has timers of a server run after another time, or never where that is null. To be disposed of: the clock belongs to all
 * test files that run in this process.
 */
export function changeTimers({ running }: TestServer, change: (ms: number) => number | null): Disposable {
  const { clock } = running.context
  const { setTimer } = clock
  Object.assign(clock, {
    setTimer(ms: number, run: () => void) {
      const changed = change(ms)
      return changed === null ? () => undefined : setTimer(changed, run)
    },
  })
  return { [Symbol.dispose]: () => void Object.assign(clock, { setTimer }) }
}
