/**
 * Time as a port: the server runs on the system's, tests and the simulation on one they move themselves. `defer` runs
 * after the events that are already waiting, which is how what belongs together leaves together.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after a delay; the returned function cancels. */
  setTimer(delayMs: number, run: () => void): () => void
  defer(run: () => void): void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  defer(run) {
    setImmediate(run)
  },
}

export function isoTime(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString()
}
