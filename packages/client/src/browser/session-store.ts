/** The sign-in of this browser, for all its tabs. Where the refresh token is a cookie, nothing secret is in it. */
import { openDB } from 'idb'
import { isSame } from '../adapters/in-process.ts'
import type { SessionStore } from '../ports.ts'
import type { SavedSession } from '../types.ts'

const store = 'session'
const key = 'current'

export function createIndexedDbSessions(name = 'recado'): SessionStore {
  const open = () =>
    openDB(name, 1, {
      upgrade: database => {
        database.createObjectStore(store)
      },
    })
  /** Opened each time: it is used a few times a day, and an open connection would hold up other versions. */
  async function using<Result>(work: (database: Awaited<ReturnType<typeof open>>) => Promise<Result>): Promise<Result> {
    const database = await open()
    try {
      return await work(database)
    } finally {
      database.close()
    }
  }
  return {
    load: () =>
      using(async database => {
        const saved: SavedSession | undefined = await database.get(store, key)
        return saved ?? null
      }),
    save: session =>
      using(async database => {
        await database.put(store, session, key)
      }),
    replace: (before, next) =>
      using(async database => {
        const transaction = database.transaction(store, 'readwrite')
        const stored: SavedSession | undefined = await transaction.store.get(key)
        const same = isSame(stored, before)
        if (same) await transaction.store.put(next, key)
        await transaction.done
        return same
      }),
    clear: sessionId =>
      using(async database => {
        const transaction = database.transaction(store, 'readwrite')
        const stored: SavedSession | undefined = await transaction.store.get(key)
        if (stored?.sessionId === sessionId) await transaction.store.delete(key)
        await transaction.done
      }),
  }
}

/** Storage that is blocked leaves the sign-in in memory: it then ends with the tab. */
export function withFallback(durable: SessionStore, memory: SessionStore): SessionStore {
  return {
    load: () => durable.load().catch(() => memory.load()),
    save: session => durable.save(session).catch(() => memory.save(session)),
    replace: (before, next) => durable.replace(before, next).catch(() => memory.replace(before, next)),
    clear: sessionId => durable.clear(sessionId).catch(() => memory.clear(sessionId)),
  }
}
