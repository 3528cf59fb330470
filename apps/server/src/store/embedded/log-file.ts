import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync } from 'node:fs'

export interface LogFile extends Disposable {
  readonly path: string
  readonly descriptor: number
}

const maxBytes = 4 * 1024 * 1024
const checkEveryMs = 60_000

/**
 * PostgreSQL's own log: appended to by its processes directly, and moved aside to `<path>.1` when it has grown, so it
 * never takes more than twice its bound by much. Its writers append, so emptying the file under them is safe.
 */
export function openLogFile(path: string): LogFile {
  const descriptor = openSync(path, 'a', 0o600)
  const timer = setInterval(() => {
    if (fstatSync(descriptor).size <= maxBytes) return
    copyFileSync(path, `${path}.1`)
    ftruncateSync(descriptor)
  }, checkEveryMs)
  timer.unref()
  return {
    path,
    descriptor,
    [Symbol.dispose]: () => {
      clearInterval(timer)
      closeSync(descriptor)
    },
  }
}
