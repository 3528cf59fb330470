/** A whole Recado for tests, in this process: a cloned database, a free port, everything on. */
import { tmpdir } from 'node:os'
import { readConfig } from '@recado/server/config.ts'
import { createLogger } from '@recado/server/logger.ts'
import { type RunningServer, startServer as startRecado } from '@recado/server/server.ts'
import { createTestDatabase } from './database.ts'

export interface TestServer extends AsyncDisposable {
  /** `http://localhost:port` */
  readonly url: string
  readonly running: RunningServer
}

export interface TestServerOptions {
  /** More environment, as an operator would set it. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 *     await using server = await startServer()
 *     const response = await fetch(`${server.url}/readyz`)
 */
export async function startServer({ env = {} }: TestServerOptions = {}): Promise<TestServer> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const config = readConfig({
    RECADO_PORT: '0',
    RECADO_HOST: 'localhost',
    RECADO_DATA_DIR: tmpdir(),
    RECADO_RATE_LIMITS: 'off',
    RECADO_LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    ...env,
  })
  const logger = createLogger({ level: config.logLevel })
  const running = owned.use(await startRecado({ config, logger, mode: 'built' }))
  const held = owned.move()
  return { url: running.url, running, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
