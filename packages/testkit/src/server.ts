/** A whole Recado for tests, in this process: a cloned database, a free port, everything on. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@recado/server/bus/bus.ts'
import { createMemoryBus } from '@recado/server/bus/memory.ts'
import { systemClock } from '@recado/server/clock.ts'
import { readConfig } from '@recado/server/config.ts'
import { createLogger } from '@recado/server/logger.ts'
import { type RunningServer, startServer as startRecado } from '@recado/server/server.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { silentLogger } from './test-cluster.ts'

export interface TestServer extends AsyncDisposable {
  /** `http://localhost:port` */
  readonly url: string
  readonly running: RunningServer
  /** Where it keeps files. */
  readonly dataDir: string
  readonly database: TestDatabase
}

export interface TestServerOptions {
  /** More environment, as an operator would set it. */
  readonly env?: Readonly<Record<string, string>>
  /** A database of several servers; whoever made it disposes of it. */
  readonly database?: TestDatabase
  /** What nodes of one process tell each other by; without one this server hears only itself. */
  readonly bus?: Bus
  /** The folder of another build of the web app. */
  readonly webDist?: string
}

/**
 *     await using server = await startServer()
 *     const response = await fetch(`${server.url}/readyz`)
 */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  await using owned = new AsyncDisposableStack()
  const database = options.database ?? owned.use(await createTestDatabase())
  const dataDir = await mkdtemp(join(tmpdir(), 'recado-files-'))
  owned.defer(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({
    RECADO_PORT: '0',
    RECADO_HOST: 'localhost',
    RECADO_DATA_DIR: dataDir,
    RECADO_RATE_LIMITS: 'off',
    RECADO_LOG_LEVEL: 'error',
    DATABASE_URL: database.url,
    ...options.env,
  })
  const logger = createLogger({ level: config.logLevel })
  const { bus, webDist } = options
  const running = owned.use(
    await startRecado({
      config,
      logger,
      mode: 'built',
      ...(bus === undefined ? {} : { bus }),
      ...(webDist === undefined ? {} : { webDist }),
    }),
  )
  const held = owned.move()
  return { url: running.url, running, dataDir, database, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

export interface TestNodes extends AsyncDisposable {
  readonly nodes: readonly TestServer[]
  readonly database: TestDatabase
}

/** Several nodes over one database: with a bus between them, or with every hint lost. */
export async function startCluster(count: number, hints: 'shared' | 'lost'): Promise<TestNodes> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const bus = hints === 'shared' ? owned.use(createMemoryBus({ clock: systemClock, logger: silentLogger })) : undefined
  const nodes: TestServer[] = []
  while (nodes.length < count) {
    nodes.push(owned.use(await startServer({ database, ...(bus === undefined ? {} : { bus }) })))
  }
  const held = owned.move()
  return { nodes, database, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
