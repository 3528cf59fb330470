/** The database of this server: one's own by address, or the embedded one; brought to this build's schema. */
import type { Pool } from 'pg'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import { startEmbeddedPostgres } from './embedded/embedded-postgres.ts'
import { migrate } from './migrate.ts'
import { createPool, type DatabaseAddress } from './pool.ts'

export interface Database extends AsyncDisposable {
  readonly address: DatabaseAddress
  /** For reads. */
  readonly pool: Pool
  readonly kind: 'embedded' | 'external'
  /** The embedded database's disk is too full for writes. */
  readonly writesRefused: boolean
}

const readConnections = 8
const readTimeoutMs = 20_000

export async function openDatabase(config: Config, logger: Logger): Promise<Database> {
  await using owned = new AsyncDisposableStack()
  const embedded =
    config.databaseUrl === undefined
      ? owned.use(await startEmbeddedPostgres({ dataDir: config.dataDir, logger }))
      : null
  const address: DatabaseAddress = embedded?.address ?? { kind: 'url', url: config.databaseUrl ?? '' }
  await migrate({ address, logger })
  const pool = createPool({
    address,
    applicationName: 'recado reader',
    maxConnections: readConnections,
    statementTimeoutMs: readTimeoutMs,
    logger,
  })
  const held = owned.move()
  return {
    address,
    pool,
    kind: embedded === null ? 'external' : 'embedded',
    get writesRefused() {
      return embedded?.disk.state.writesRefused === true
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
