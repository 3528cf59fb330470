/**
 * One server per data folder, held by the kernel.
 *
 * Why SQLite when nothing is stored: Node has no call for file locks, a file of pids goes stale when its owner is
 * killed, and stealing a stale one races. SQLite's lock is the operating system's own: it is gone in the instant the
 * process is, on every platform, and holds between containers that share the folder. The lock is taken before anything
 * in the folder is looked at, so two servers that start at once cannot both find it empty.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EmbeddedPostgresError } from './start-error.ts'

const sqliteBusy = 5

export function lockFolder(folder: string): Disposable {
  const holderFile = join(folder, 'lock.pid')
  const lock = new DatabaseSync(join(folder, 'lock'))
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy)) {
      throw new EmbeddedPostgresError('cannot-run', `${folder} is on a file system that cannot lock`, { cause: error })
    }
    throw new EmbeddedPostgresError(
      'folder-in-use',
      `another server (${describeHolder(holderFile)}) is using the data in ${folder}: stop it first, ` +
        'or give this one another RECADO_DATA_DIR',
      { cause: error },
    )
  }
  writeFileSync(holderFile, `${process.pid}\n`)
  return {
    [Symbol.dispose]: () => lock.close(),
  }
}

function describeHolder(file: string): string {
  try {
    return `process ${readFileSync(file, 'utf8').trim()}`
  } catch {
    return 'just starting'
  }
}
