/** One run of PostgreSQL's main process, from its start until it has gone. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import { commandAs, type Identity } from './identity.ts'
import type { LogFile } from './log-file.ts'
import { findPidFile } from './pid-file.ts'
import { EmbeddedPostgresError } from './start-error.ts'

export interface PostmasterOptions {
  readonly postgres: string
  readonly data: string
  readonly port: number
  readonly identity: Identity
  readonly logFile: LogFile
  readonly logger: Logger
  /** Ends the process while it is starting. */
  readonly signal: AbortSignal
}

export interface Postmaster {
  readonly pid: number
  /** Settles when the process has gone, for whatever reason; never rejects. */
  readonly exited: Promise<void>
  stop(): Promise<void>
}

const pollMs = 10
const reportEveryMs = 5_000
/** Leaves the rest of the ten seconds that a whole server has for stopping. */
const fastShutdownMs = 5_000
const complaintCharacters = 2_000

/** Resolves when it accepts connections. Replaying its log after a crash may take long, and is never cut short. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const command = commandAs(options.identity, options.postgres, ['-D', options.data, '-p', String(options.port)])
  const child = spawn(command.file, command.args, {
    ...command.options,
    // A group of its own: Ctrl+C reaches every process of the terminal's, and the server still needs the database to drain.
    detached: true,
    // A file and not a pipe: PostgreSQL goes on undisturbed when the server is killed.
    stdio: ['ignore', options.logFile.descriptor, options.logFile.descriptor],
  })
  const exited = exitOf(child)
  const { pid } = child
  if (pid === undefined) {
    await exited
    throw new EmbeddedPostgresError('cannot-run', `${command.file} cannot be started`)
  }
  // The server's life must not hang on this handle: whoever owns the database stops it.
  child.unref()
  await waitUntilReady(pid, child, options)
  return { pid, exited, stop: () => stopPostmaster(child, exited) }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
}

async function waitUntilReady(pid: number, child: ChildProcess, options: PostmasterOptions): Promise<void> {
  let reportAt = performance.now() + reportEveryMs
  for (;;) {
    if (options.signal.aborted) child.kill('SIGQUIT')
    if (hasExited(child)) throw new EmbeddedPostgresError('did-not-start', await describeFailure(options.logFile.path))
    const file = await findPidFile(options.data)
    if (file?.pid === pid && file.ready) return
    if (performance.now() > reportAt) {
      options.logger.info({}, 'the database is still starting; after a crash it replays its log')
      reportAt += reportEveryMs
    }
    await delay(pollMs)
  }
}

async function stopPostmaster(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (hasExited(child)) return
  child.ref()
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), fastShutdownMs)
  await exited
  clearTimeout(timer)
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function describeFailure(logFile: string): Promise<string> {
  const output = await readFile(logFile, 'utf8').catch(() => '')
  return `PostgreSQL ended while it was starting. The end of ${logFile}:\n${output.slice(-complaintCharacters).trim()}`
}
