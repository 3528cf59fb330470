/**
 * Recado as an operator runs it: `node apps/server/src/main.ts` in a process of its own, with its own database in its own
 * folder, always started by the same command. It can be killed, stopped, frozen and started again, and so can its database.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface ServerProcessOptions {
  /** Empty or with what an earlier run left; removed on disposal. */
  readonly folder: string
}

const entry = join(import.meta.dirname, '../../../../apps/server/src/main.ts')
const readyWithinMs = 30_000
/** What the server promises for an orderly end. */
export const stopWithinMs = 10_000
const pollMs = 25

export class ServerProcess implements AsyncDisposable {
  readonly folder: string
  readonly port: number
  #child: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  private constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  /** Started, and ready to serve. */
  static async start({ folder }: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(folder, await findFreePort())
    try {
      server.start()
      await server.ready()
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw error
    }
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Where the embedded database's folder, password and socket are. */
  get databaseFolder(): string {
    return join(this.folder, 'database')
  }

  start(): void {
    const log = openSync(join(this.folder, 'server.log'), 'a')
    const child = spawn(process.execPath, [entry], {
      // Nothing of the tester's own configuration reaches it.
      env: {
        PATH: process.env['PATH'],
        RECADO_PORT: String(this.port),
        RECADO_HOST: '127.0.0.1',
        RECADO_DATA_DIR: this.folder,
        RECADO_RATE_LIMITS: 'off',
        RECADO_LOG_LEVEL: 'warn',
        ACCESS_TOKEN_EXPIRE_MINUTES: '5',
      },
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#child = child
    this.#exited = new Promise(resolve => child.once('exit', () => resolve()))
  }

  async ready(): Promise<void> {
    const deadline = performance.now() + readyWithinMs
    while (!(await this.isReady())) {
      if (this.#hasExited()) throw new Error(`the server ended while it was starting:\n${await this.logTail()}`)
      if (performance.now() > deadline) throw new Error(`the server is not ready:\n${await this.logTail()}`)
      await delay(pollMs)
    }
  }

  async isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(3_000) })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  /** Asks it to stop; resolves to how it ended and how long that took. */
  async terminate(): Promise<{ readonly ms: number; readonly code: number | null }> {
    const startedAt = performance.now()
    this.#child?.kill('SIGTERM')
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), 6 * stopWithinMs)
    await this.#exited
    clearTimeout(late)
    return { ms: performance.now() - startedAt, code: this.#child?.exitCode ?? null }
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** PostgreSQL's main process, found through its own pid file; undefined while it is down. */
  async findPostmaster(): Promise<number | undefined> {
    const text = await readFile(join(this.databaseFolder, 'data/postmaster.pid'), 'utf8').catch(() => '')
    const pid = Number(text.split('\n')[0])
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
    // A number may be somebody else's by now: ours names its folder.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return command.includes(this.databaseFolder) ? pid : undefined
  }

  /** False where there was nothing to kill. */
  async killPostmaster(): Promise<boolean> {
    const pid = await this.findPostmaster()
    return pid !== undefined && signal(pid, 'SIGKILL')
  }

  /** The end of what it said. */
  async logTail(): Promise<string> {
    const text = await readFile(join(this.folder, 'server.log'), 'utf8').catch(() => '')
    return text.slice(-4_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.thaw()
    if (!this.#hasExited()) await this.terminate()
    await this.killPostmaster()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }

  #hasExited(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}

/** False if there is no such process. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/** The same port for all its lives: clients come back to where it was. */
async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
