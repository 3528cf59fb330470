/**
 * The one process in which uploaded files are decoded: whatever a hostile file does to a decoder, it does it there.
 * Started when there is something to look at and ended when there has been nothing for a while; killed when a file takes
 * too long. It has no environment, starts nothing, and reads this program and the folder of uploads alone.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Assignment, Report } from './report.ts'

export interface LookingProcessOptions {
  /** What it may read and write. */
  readonly folder: string
  readonly timeoutMs: number
  readonly idleMs: number
}

export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/** The process ended without an answer. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

const program = join(import.meta.dirname, 'main.ts')
/** The repository: the program and the packages that it imports. */
const root = join(import.meta.dirname, '../../../../..')
const heapMegabytes = 256

export class LookingProcess implements AsyncDisposable {
  readonly #options: LookingProcessOptions
  #process: ChildProcess | null = null
  #idle: NodeJS.Timeout | undefined
  #number = 0

  constructor(options: LookingProcessOptions) {
    this.#options = options
  }

  /** One at a time. Raises `TookTooLong` and `Crashed`. */
  async look(assignment: Omit<Assignment, 'number'>): Promise<Report> {
    clearTimeout(this.#idle)
    this.#process ??= this.#start()
    const process = this.#process
    this.#number += 1
    const number = this.#number
    const { promise, resolve, reject } = Promise.withResolvers<Report>()
    const timer = setTimeout(() => {
      reject(new TookTooLong('a file was looked at for too long'))
      void this.#end()
    }, this.#options.timeoutMs)
    const onReport = (report: Report) => {
      if (report.number === number) resolve(report)
    }
    const onExit = () => reject(new Crashed('the process that looks at files ended'))
    process.on('message', onReport).once('exit', onExit)
    process.send({ ...assignment, number })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      process.off('message', onReport).off('exit', onExit)
      this.#idle = setTimeout(() => void this.#end(), this.#options.idleMs).unref()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle)
    await this.#end()
  }

  #start(): ChildProcess {
    const { folder } = this.#options
    const child = fork(program, [], {
      cwd: folder,
      env: {},
      execArgv: [
        '--disable-warning=SecurityWarning',
        `--max-old-space-size=${heapMegabytes}`,
        '--permission',
        '--allow-addons',
        `--allow-fs-read=${root}`,
        `--allow-fs-read=${folder}`,
        `--allow-fs-write=${folder}`,
      ],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.once('error', () => child.kill('SIGKILL'))
    child.once('exit', () => {
      if (this.#process === child) this.#process = null
    })
    // It must not keep a server alive that has nothing else to do.
    child.unref()
    child.channel?.unref()
    return child
  }

  async #end(): Promise<void> {
    const process = this.#process
    this.#process = null
    if (process === null || process.exitCode !== null || process.signalCode !== null) return
    const ended = new Promise(resolve => process.once('exit', resolve))
    process.kill('SIGKILL')
    await ended
  }
}
