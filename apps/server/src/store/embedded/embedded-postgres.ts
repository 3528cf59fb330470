/**
 * The PostgreSQL that the server starts for itself, in `<data folder>/database`.
 *
 * - Acknowledged writes survive the death of the server, of the database and of both, at any moment (L2).
 * - One server per folder: the second is refused by the kernel's lock, before it has looked at anything.
 * - What a killed server left running is stopped first, so a start never depends on how the last run ended.
 * - A database that dies while the server lives is started again, at the same address; what broke in between is for
 *   the callers to repeat.
 *
 * The binaries are started directly: no account is added to the system, no service, nothing outside the folder.
 */
import { appendFile, chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import type { Logger } from '../../logger.ts'
import { connectDedicated, type DatabaseAddress, withDatabase } from '../pool.ts'
import { findBinaries } from './binaries.ts'
import { type DiskState, type DiskWatch, watchDisk } from './disk.ts'
import { lockFolder } from './folder-lock.ts'
import { chooseIdentity } from './identity.ts'
import { initialise, prepareFolders, readPassword, superuser } from './initialise.ts'
import { type Layout, layoutIn } from './layout.ts'
import { stopLeftovers } from './leftovers.ts'
import { openLogFile } from './log-file.ts'
import { findPidFile } from './pid-file.ts'
import { startPostmaster } from './postmaster.ts'
import { providePrograms } from './programs.ts'
import { isSessionLockHeld, keepSessionLock } from './session-lock.ts'
import { hostBasedAccess, type Listen, renderSettings, type Settings } from './settings.ts'
import { EmbeddedPostgresError } from './start-error.ts'
import { type DatabaseState, supervise } from './supervisor.ts'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly logger: Logger
  /** PostgreSQL settings that replace the usual ones. */
  readonly settings?: Settings
  /** Told when the database dies and when it is back. */
  readonly onStateChange?: (state: DatabaseState) => void
  /** Told when the disk becomes too full for writes, and when it no longer is. */
  readonly onDiskChange?: (state: DiskState) => void
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Stays the same when the database is started again. */
  readonly address: DatabaseAddress
  /** Of the main process as it is now. */
  readonly pid: number
  readonly disk: DiskWatch
}

const databaseName = 'recado'
/** Always there, and never in the way of whoever copies or restores the other. */
const maintenanceDatabase = 'postgres'
const socketPort = 5432
/** The kernel's bound on a socket's path is 104 to 108 bytes by platform; the name in the folder takes 14 of them. */
const longestSocketFolderBytes = 86

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger } = options
  const layout = layoutIn(resolve(options.dataDir))
  await mkdir(layout.folder, { recursive: true, mode: 0o700 })
  await chmod(layout.folder, 0o700)
  await using owned = new AsyncDisposableStack()
  owned.use(lockFolder(layout.folder))
  await requireNoLivingServer(layout, logger)
  await stopLeftovers(layout, logger)
  await prepareFolders(layout)
  const installed = await findBinaries()
  const identity = await chooseIdentity(installed.postgres, layout.folder, layout.data)
  const programs = owned.use(await providePrograms(installed, identity, layout.programsNote))
  await initialise(layout, programs, identity)

  const listen = chooseListen(layout)
  const port = listen.kind === 'socket' ? socketPort : await findFreePort()
  const address = await addressOf(layout, listen, port)
  await writeSettings(layout, listen, options.settings ?? {})
  const logFile = owned.use(openLogFile(layout.log))
  const { data } = layout
  const disk = owned.use(
    await watchDisk({
      folder: layout.folder,
      reserve: layout.reserve,
      logger,
      onChange: options.onDiskChange ?? (() => undefined),
    }),
  )
  const supervisor = owned.use(
    await supervise({
      start: async signal => {
        await stopLeftovers(layout, logger)
        await disk.releaseReserveIfFull()
        return startPostmaster({ postgres: programs.postgres, data, port, identity, logFile, logger, signal })
      },
      onStateChange: options.onStateChange ?? (() => undefined),
      logger,
    }),
  )
  await ensureDatabase(address, logger)
  owned.use(await keepSessionLock(withDatabase(address, maintenanceDatabase), logger))

  const running = owned.move()
  return {
    address,
    disk,
    get pid() {
      return supervisor.pid
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** A second look past the folder's lock, which is gone when somebody deleted its file. */
async function requireNoLivingServer(layout: Layout, logger: Logger): Promise<void> {
  const found = await findPidFile(layout.data)
  if (found === undefined || !found.ready) return
  const listen: Listen = found.socketFolder === '' ? { kind: 'loopback' } : { kind: 'socket', folder: layout.run }
  const address = withDatabase(await addressOf(layout, listen, found.port), maintenanceDatabase)
  if (!(await isSessionLockHeld(address, logger))) return
  throw new EmbeddedPostgresError(
    'folder-in-use',
    `another server is connected to the database in ${layout.folder}: stop it first, ` +
      'or give this one another RECADO_DATA_DIR',
  )
}

async function addressOf(layout: Layout, listen: Listen, port: number): Promise<DatabaseAddress> {
  const host = listen.kind === 'socket' ? listen.folder : '127.0.0.1'
  const password = await readPassword(layout)
  return { kind: 'parts', host, port, user: superuser, password, database: databaseName }
}

function chooseListen(layout: Layout): Listen {
  if (process.platform === 'win32') return { kind: 'loopback' }
  const fits = Buffer.byteLength(layout.run) <= longestSocketFolderBytes
  return fits ? { kind: 'socket', folder: layout.run } : { kind: 'loopback' }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise(closed => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

async function writeSettings(layout: Layout, listen: Listen, overrides: Settings): Promise<void> {
  await writeFile(join(layout.data, 'postgresql.conf'), renderSettings(listen, overrides))
  await writeFile(join(layout.data, 'pg_hba.conf'), hostBasedAccess)
  await appendFile(join(layout.data, 'local.conf'), '')
}

async function ensureDatabase(address: DatabaseAddress, logger: Logger): Promise<void> {
  const client = await connectDedicated({
    address: withDatabase(address, maintenanceDatabase),
    applicationName: 'recado start',
    logger,
  })
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}
