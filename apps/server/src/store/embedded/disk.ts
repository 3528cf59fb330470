/**
 * Free space under the database. A PostgreSQL that runs out of disk stops at once and then cannot even replay its log,
 * so writes are refused while there is still room for everything else, and reads go on.
 *
 * The reserve is a file of the size that a recovery needs. It is given up when the disk is full at a start, so that the
 * database comes up and somebody can delete something, and is made again when there is room.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm, statfs } from 'node:fs/promises'
import type { Logger } from '../../logger.ts'

export interface DiskState {
  readonly freeBytes: number
  /** Below the bound; over again only when a margin above it is free, so that it does not flap. */
  readonly writesRefused: boolean
}

export interface DiskWatch extends AsyncDisposable {
  readonly state: DiskState
  /** Looks now; otherwise it looks every few seconds. */
  check(): Promise<void>
  /** To be called before PostgreSQL starts: it may have to replay its log on a full disk. */
  releaseReserveIfFull(): Promise<void>
}

export interface DiskWatchOptions {
  readonly folder: string
  /** The path of the reserve file. */
  readonly reserve: string
  readonly logger: Logger
  readonly onChange: (state: DiskState) => void
  readonly readFreeBytes?: (folder: string) => Promise<number>
}

const mebibyte = 1024 * 1024
const refuseBelowBytes = 512 * mebibyte
const allowAboveBytes = 640 * mebibyte
/** Two segments of the write-ahead log and the checkpoint after a replay. */
const reserveBytes = 64 * mebibyte
/** Taking the reserve must not bring the refusal nearer by much. */
const reserveAboveBytes = 2048 * mebibyte
const releaseBelowBytes = 32 * mebibyte
const checkEveryMs = 5_000

export async function watchDisk(options: DiskWatchOptions): Promise<DiskWatch> {
  const readFreeBytes = options.readFreeBytes ?? readFreeBytesOf
  let state = nextState(await readFreeBytes(options.folder), false)
  if (state.writesRefused) report(options.logger, state)
  const stopping = new AbortController()

  const check = async () => {
    const before = state
    state = nextState(await readFreeBytes(options.folder), before.writesRefused)
    if (state.writesRefused !== before.writesRefused) {
      report(options.logger, state)
      options.onChange(state)
    }
    if (state.freeBytes > reserveAboveBytes && !existsSync(options.reserve)) {
      await writeReserve(options.reserve, stopping.signal)
    }
  }
  let checking: Promise<void> = Promise.resolve()
  const enqueue = () => {
    checking = checking.then(check).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'the free space under the database cannot be read')
    })
    return checking
  }
  const timer = setInterval(enqueue, checkEveryMs)
  timer.unref()

  return {
    get state() {
      return state
    },
    check: enqueue,
    async releaseReserveIfFull() {
      if ((await readFreeBytes(options.folder)) < releaseBelowBytes) await rm(options.reserve, { force: true })
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      stopping.abort()
      await checking
    },
  }
}

function nextState(freeBytes: number, wereRefused: boolean): DiskState {
  return { freeBytes, writesRefused: freeBytes < (wereRefused ? allowAboveBytes : refuseBelowBytes) }
}

function report(logger: Logger, state: DiskState): void {
  if (state.writesRefused) logger.error({ freeBytes: state.freeBytes }, 'the disk is nearly full: writes are refused')
  else logger.info({ freeBytes: state.freeBytes }, 'there is room on the disk again: writes are taken')
}

async function readFreeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Random, because a file system may keep zeros without taking space for them. */
async function writeReserve(path: string, signal: AbortSignal): Promise<void> {
  const unfinished = `${path}.unfinished`
  await using file = await open(unfinished, 'w', 0o600)
  for (let written = 0; written < reserveBytes; written += mebibyte) {
    if (signal.aborted) return
    await file.write(randomBytes(mebibyte))
  }
  await rename(unfinished, path)
}
