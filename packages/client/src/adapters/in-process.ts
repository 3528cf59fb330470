/** Ports of a program that shares its cache with nobody. */
import type { Locks, SessionStore } from '../ports.ts'
import type { SavedSession } from '../types.ts'

/** Always held: for one engine per cache, and where a browser has no locks. */
export function createFreeLocks(): Locks {
  return { exclusive: (_name, task) => task() }
}

export function createMemorySessions(): SessionStore {
  let saved: SavedSession | null = null
  return {
    load: async () => saved,
    save: async session => {
      saved = session
    },
    replace: async (before, next) => {
      const same = isSame(saved, before)
      if (same) saved = next
      return same
    },
    clear: async sessionId => {
      if (saved?.sessionId === sessionId) saved = null
    },
  }
}

/** Whether this is still the sign-in as it was read. */
export function isSame(stored: SavedSession | null | undefined, before: SavedSession): boolean {
  return stored?.sessionId === before.sessionId && stored.refreshToken === before.refreshToken
}
