/**
 * Processes of a PostgreSQL whose server was killed: found by the folder they work in, stopped, and their pid file
 * removed. To be called only by the holder of the folder's lock, which proves that no living server owns them.
 *
 * A pid alone proves nothing, since numbers are used again: a process counts only if its program is PostgreSQL's and it
 * stands in this folder or names it. That finds the children of a dead postmaster too, and an `initdb` left behind.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Logger } from '../../logger.ts'
import type { Layout } from './layout.ts'
import { findPidFile, pidFilePath } from './pid-file.ts'
import { EmbeddedPostgresError } from './start-error.ts'

const pollMs = 10
/** A fast shutdown writes a checkpoint first. Whatever it does not finish in this time is replayed from the log. */
const fastMs = 3_000
const immediateMs = 2_000
const killMs = 2_000

export async function stopLeftovers(layout: Layout, logger: Logger): Promise<void> {
  const folder = await realpath(layout.folder)
  const found = await findProcesses(folder)
  if (found.length > 0) {
    logger.warn({ pids: found }, 'stopping a PostgreSQL that a killed server left behind')
    await stopProcesses(folder, (await findPidFile(layout.data))?.pid)
  }
  // The socket's own lock file names the same dead process.
  for (const name of await readdir(layout.run).catch(() => [])) await rm(join(layout.run, name), { force: true })
  await rm(pidFilePath(layout.data), { force: true })
}

async function stopProcesses(folder: string, postmaster: number | undefined): Promise<void> {
  if (postmaster !== undefined && (await findProcesses(folder)).includes(postmaster)) {
    sendSignal(postmaster, 'SIGINT')
    if (await haveGone(folder, fastMs)) return
    sendSignal(postmaster, 'SIGQUIT')
    if (await haveGone(folder, immediateMs)) return
  }
  for (const pid of await findProcesses(folder)) sendSignal(pid, 'SIGKILL')
  if (await haveGone(folder, killMs)) return
  throw new EmbeddedPostgresError('cannot-run', `a PostgreSQL left behind in ${folder} cannot be stopped`)
}

async function haveGone(folder: string, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while ((await findProcesses(folder)).length > 0) {
    if (performance.now() > deadline) return false
    await delay(pollMs)
  }
  return true
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function findProcesses(folder: string): Promise<readonly number[]> {
  return process.platform === 'linux' ? findInProc(folder) : findByCommandLine(folder)
}

async function findInProc(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isSafeInteger)
  const matches = await Promise.all(pids.map(pid => worksIn(pid, folder)))
  return pids.filter((_, index) => matches[index])
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    // The kernel appends " (deleted)" when the package was installed again under a running process.
    const program = basename(await readlink(`/proc/${pid}/exe`)).split(' ')[0]
    if (program !== 'postgres' && program !== 'initdb') return false
    const directory = await readlink(`/proc/${pid}/cwd`)
    if (`${directory}${sep}`.startsWith(`${folder}${sep}`)) return true
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(`${folder}${sep}`)
  } catch {
    // It has ended, is a zombie, or belongs to somebody whose processes are not ours to judge.
    return false
  }
}

/** Elsewhere only command lines can be seen; children of a dead postmaster end by themselves within moments. */
async function findByCommandLine(folder: string): Promise<readonly number[]> {
  if (process.platform === 'win32') return []
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,command='])
  return stdout
    .split('\n')
    .filter(line => /(postgres|initdb)\b/.test(line) && line.includes(`${folder}${sep}`))
    .map(line => Number.parseInt(line, 10))
}
