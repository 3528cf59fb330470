/** Making PostgreSQL's folder, and refusing one of another major version. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Binaries } from './binaries.ts'
import { commandAs, type Identity } from './identity.ts'
import type { Layout } from './layout.ts'
import { EmbeddedPostgresError } from './start-error.ts'

export const superuser = 'recado'
const majorVersion = '18'

/** Everything that must exist, and be owned, before PostgreSQL's programs run. */
export async function prepareFolders(layout: Layout): Promise<void> {
  await rm(layout.initialising, { recursive: true, force: true })
  await mkdir(layout.run, { recursive: true, mode: 0o700 })
  if (existsSync(layout.data)) {
    await requireMajorVersion(layout.data)
    return
  }
  await mkdir(layout.initialising, { mode: 0o700 })
  await writeFile(layout.password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
}

export async function readPassword(layout: Layout): Promise<string> {
  try {
    return (await readFile(layout.password, 'utf8')).trim()
  } catch (error) {
    throw new EmbeddedPostgresError(
      'cannot-run',
      `the password of the database in ${layout.folder} cannot be read: put the file back from a backup`,
      { cause: error },
    )
  }
}

/**
 * The locale is PostgreSQL's own, so an upgrade of the system's cannot silently reorder indexes on text; the
 * language's order is asked for per query.
 */
export async function initialise(layout: Layout, binaries: Binaries, identity: Identity): Promise<void> {
  if (existsSync(layout.data)) return
  const { file, args, options } = commandAs(identity, binaries.initdb, [
    ...['--pgdata', layout.initialising, '--username', superuser, '--pwfile', layout.password],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--auth=scram-sha-256', '--no-instructions'],
  ])
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [code, , complaint] = await Promise.all([exited, text(child.stdout), text(child.stderr)])
  if (code !== 0) throw new EmbeddedPostgresError('cannot-run', `initdb failed: ${complaint.trim()}`)
  await rename(layout.initialising, layout.data)
}

async function requireMajorVersion(data: string): Promise<void> {
  const found = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  if (found === majorVersion) return
  throw new EmbeddedPostgresError(
    'other-major-version',
    `the data in ${data} was written by PostgreSQL ${found}, and this version of Recado runs PostgreSQL ${majorVersion}: ` +
      'start the version of Recado that wrote it',
  )
}
