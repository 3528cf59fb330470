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

const secondsKept = 64
/** ISO times without their milliseconds, by second since 1970: a page of messages falls into few seconds. */
const seconds = new Map<number, string>()

/** ISO 8601 in UTC with milliseconds, as on the wire. */
export function isoTime(micros: number): string {
  const second = Math.floor(micros / 1_000_000)
  let text = seconds.get(second)
  if (text === undefined) {
    if (seconds.size >= secondsKept) seconds.clear()
    text = new Date(second * 1000).toISOString().slice(0, -4)
    seconds.set(second, text)
  }
  const ms = Math.floor(micros / 1000) - second * 1000
  return `${text}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`
}
