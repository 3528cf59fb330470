import { createPool } from '@recado/server/store/pool.ts'
import { createSqlStore } from '@recado/server/store/sql/store.ts'
import type { Store } from '@recado/server/store/store.ts'
import { createTestDatabase } from '../database.ts'
import { silentLogger } from '../test-cluster.ts'

export interface OpenSqlStore extends AsyncDisposable {
  /** Disposed of by who asked; disposing of the whole drops the database behind it. */
  readonly store: Store
}

/** A store over an empty database of its own. */
export async function openSqlStore(): Promise<OpenSqlStore> {
  const database = await createTestDatabase()
  const { address } = database
  const options = { address, logger: silentLogger }
  const pool = createPool({ ...options, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000 })
  return {
    store: await createSqlStore({ ...options, pool }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
