/** The entry: configuration, one server, one block that says where it is, and an orderly end. */
import { ConfigurationError, readConfig } from './config.ts'
import { createLogger } from './logger.ts'
import { refuseNotBuilt } from './not-built.ts'
import { type RunningServer, startServer } from './server.ts'
import { startBlock } from './start-block.ts'
import { EmbeddedPostgresError } from './store/embedded/start-error.ts'
import { MigrationError } from './store/migrate.ts'

/** An orderly end that takes longer is cut: whoever sent the signal expects us gone within 10 s. */
const stopMs = 9_000

let stopping = false
const started = start()
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
try {
  await started
} catch (error) {
  if (!isExpected(error)) throw error
  process.stderr.write(`\nRecado could not start: ${error.message}\n\n`)
  process.exitCode = 1
}

async function start(): Promise<RunningServer> {
  const config = readConfig(process.env)
  refuseNotBuilt(config)
  const logger = createLogger({ level: config.logLevel })
  const mode = process.argv.includes('--dev') ? 'development' : 'built'
  const server = await startServer({ config, logger, mode })
  if (!stopping) process.stdout.write(startBlock({ config, url: server.url, database: server.context.database.kind }))
  return server
}

/** Also while it is still starting: a database that was started is stopped again. */
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), stopMs).unref()
  try {
    const server = await started
    await server[Symbol.asyncDispose]()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    process.exit(1)
  }
}

/** What an operator can mend: told in one sentence, without a stack. */
function isExpected(error: unknown): error is Error {
  if (
    error instanceof ConfigurationError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof MigrationError
  ) {
    return true
  }
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}
