/**
 * One PostgreSQL for a whole test run, with a template database that is migrated once and cloned by every test file.
 * It is the server's own embedded database, with durability switched off: what tests prove about durability they prove
 * on a database of their own.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@recado/server/store/embedded/embedded-postgres.ts'
import { lockFolder } from '@recado/server/store/embedded/folder-lock.ts'
import { layoutIn } from '@recado/server/store/embedded/layout.ts'
import { stopLeftovers } from '@recado/server/store/embedded/leftovers.ts'
import { migrate } from '@recado/server/store/migrate.ts'
import { connectDedicated, type DatabaseAddress, withDatabase } from '@recado/server/store/pool.ts'
import { pino } from 'pino'

export interface TestCluster extends AsyncDisposable {
  /** Of the template; clone it with `cloneTemplate`. */
  readonly template: DatabaseAddress
}

export interface TestDatabase extends AsyncDisposable {
  readonly address: DatabaseAddress
  /** The same as a DATABASE_URL, for servers in processes of their own. */
  readonly url: string
}

export const silentLogger = pino({ level: 'silent' })

const folderPrefix = 'recado-test-'
const templateName = 'recado'
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  autovacuum_naptime: '60s',
}

export async function startTestCluster(): Promise<TestCluster> {
  await removeAbandonedClusters()
  const folder = await mkdtemp(join(tmpdir(), folderPrefix))
  await using owned = new AsyncDisposableStack()
  owned.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = owned.use(await startEmbeddedPostgres({ dataDir: folder, logger: silentLogger, settings }))
  await migrate({ address: postgres.address, logger: silentLogger })
  await administer(postgres.address, 'vacuum analyze', templateName)
  const running = owned.move()
  return { template: postgres.address, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** A copy of the template, dropped on disposal, which fails if a connection to it was left open. */
export async function cloneTemplate(template: DatabaseAddress): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(template, `create database ${name} template ${templateName} strategy file_copy`)
  const address = withDatabase(template, name)
  return {
    address,
    url: urlOf(address),
    [Symbol.asyncDispose]: async () => {
      const leaked = await findLeakedConnections(template, name)
      await administer(template, `drop database ${name} with (force)`)
      if (leaked.length > 0) throw new Error(`connections were left open: ${leaked.join(', ')}`)
    },
  }
}

async function administer(template: DatabaseAddress, statement: string, database = 'postgres'): Promise<void> {
  const client = await connectDedicated({
    address: withDatabase(template, database),
    applicationName: 'testkit',
    logger: silentLogger,
  })
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const goneWithinMs = 5_000

/** A connection that was just ended needs a moment to leave PostgreSQL's list. */
async function findLeakedConnections(template: DatabaseAddress, name: string): Promise<readonly string[]> {
  const address = withDatabase(template, 'postgres')
  const client = await connectDedicated({ address, applicationName: 'testkit', logger: silentLogger })
  try {
    const deadline = performance.now() + goneWithinMs
    for (;;) {
      const { rows } = await client.query<{ application_name: string }>(
        "select application_name from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
        [name],
      )
      if (rows.length === 0 || performance.now() > deadline) return rows.map(row => row.application_name)
      await client.query('select pg_sleep(0.005)')
    }
  } finally {
    await client.end()
  }
}

function urlOf(address: DatabaseAddress): string {
  if (address.kind === 'url') return address.url
  const { host, port, user, password, database } = address
  const query = new URLSearchParams({ host, port: String(port) })
  return `postgresql://${user}:${encodeURIComponent(password)}@localhost/${database}?${query}`
}

const startingWithinMs = 60_000

/** What a killed test run left: its folder is there, but nobody holds its lock. */
async function removeAbandonedClusters(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue
    const path = join(tmpdir(), name)
    const entry = await stat(path).catch(() => undefined)
    if (entry === undefined || Date.now() - entry.mtimeMs < startingWithinMs) continue
    await removeIfAbandoned(path)
  }
}

async function removeIfAbandoned(path: string): Promise<void> {
  const layout = layoutIn(path)
  try {
    using _lock = lockFolder(layout.folder)
    await stopLeftovers(layout, silentLogger)
  } catch {
    return
  }
  await rm(path, { recursive: true, force: true })
}
