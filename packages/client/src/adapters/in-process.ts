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
    clear: async () => {
      saved = null
    },
  }
}
