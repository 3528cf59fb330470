import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What PostgreSQL writes into `postmaster.pid`, one fact a line (src/include/utils/pidfile.h). */
export interface PidFile {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
  readonly ready: boolean
}

export function pidFilePath(data: string): string {
  return join(data, 'postmaster.pid')
}

/** `undefined` while there is none, or while it is half written. */
export async function findPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFilePath(data), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n').map(line => line.trim())
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  return { pid, port: Number(lines[3] ?? ''), socketFolder: lines[4] ?? '', ready: lines[7] === 'ready' }
}
