/** The sign-in of this browser, for all its tabs. Where the refresh token is a cookie, nothing secret is in it. */
import { openDB } from 'idb'
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
    clear: () => using(database => database.delete(store, key)),
  }
}

/** Storage that is blocked leaves the sign-in in memory: it then ends with the tab. */
export function withFallback(durable: SessionStore, memory: SessionStore): SessionStore {
  return {
    load: () => durable.load().catch(() => memory.load()),
    save: session => durable.save(session).catch(() => memory.save(session)),
    clear: () => durable.clear().catch(() => memory.clear()),
  }
}
