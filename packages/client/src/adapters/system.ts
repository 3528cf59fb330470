/** Clock and randomness of the machine. */
import type { Clock, Random } from '../ports.ts'

export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer: (afterMs, callback) => {
      const timer = setTimeout(callback, afterMs)
      return () => clearTimeout(timer)
    },
  }
}

/** `getRandomValues` is also there on plain http, where `randomUUID` is not. */
export function createSystemRandom(): Random {
  return {
    next: () => Math.random(),
    id: () => {
      const bytes = crypto.getRandomValues(new Uint8Array(16))
      return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
