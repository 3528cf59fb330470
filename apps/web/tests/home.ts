/** A browser with a folder of its own, which outlives it: it can be closed, or killed, and started again. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { chromiumFlags, executablePath, Seat, sizes } from './seat.ts'

export interface Home extends AsyncDisposable {
  /** Starts the browser on the folder. */
  enter(url: string): Promise<Seat>
  /** Ends it as a crash or a full battery would: at once, with all that it had not written yet. */
  kill(): Promise<void>
}

export async function buildHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-home-'))
  let context: BrowserContext | null = null
  return {
    async enter(url) {
      context = await chromium.launchPersistentContext(folder, {
        executablePath,
        args: chromiumFlags,
        viewport: sizes.desktop,
        locale: 'en-GB',
        reducedMotion: 'reduce',
      })
      return Seat.at(context, url)
    },
    async kill() {
      const closed = new Promise<void>(resolve => context?.once('close', () => resolve()))
      for (const pid of findMainProcesses(folder)) process.kill(pid, 'SIGKILL')
      await closed
    },
    async [Symbol.asyncDispose]() {
      await context?.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The browser itself on this folder; what it started ends with it. */
function findMainProcesses(folder: string): number[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const found = lines.filter(line => line.includes(`--user-data-dir=${folder}`) && !line.includes('--type='))
  if (found.length === 0) throw new Error(`No browser runs on ${folder}.`)
  return found.map(line => Number.parseInt(line.trim(), 10))
}
