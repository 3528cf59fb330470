/**
 * PostgreSQL's programs, where the account that runs them can reach them. They check their own path with the rights of
 * the plain account, so one that merely may pass closed folders needs a copy outside of them. The copy belongs to this
 * process's account, is open to read, and goes when the database stops; one that a killed server left is found by the
 * note in the data folder.
 */
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Identity } from './identity.ts'
import { EmbeddedPostgresError } from './start-error.ts'

export interface Programs extends Binaries, AsyncDisposable {}

const copyPrefix = join(tmpdir(), 'recado-programs-')
const readAndEnter = 0o005

/** `note` is the path of the file that remembers the copy. */
export async function providePrograms(installed: Binaries, identity: Identity, note: string): Promise<Programs> {
  const abandoned = await readFile(note, 'utf8').catch(() => '')
  if (abandoned.startsWith(copyPrefix)) await rm(abandoned, { recursive: true, force: true })
  await rm(note, { force: true })
  if (!('account' in identity) || (await isOpenToAll(installed.postgres))) {
    return { ...installed, [Symbol.asyncDispose]: async () => undefined }
  }
  return copyPrograms(installed, note)
}

async function copyPrograms(installed: Binaries, note: string): Promise<Programs> {
  const root = dirname(dirname(installed.postgres))
  const copy = await mkdtemp(copyPrefix)
  await writeFile(note, copy)
  await cp(root, copy, { recursive: true, verbatimSymlinks: true })
  await chmod(copy, 0o755)
  const programs: Programs = {
    initdb: join(copy, relative(root, installed.initdb)),
    postgres: join(copy, relative(root, installed.postgres)),
    async [Symbol.asyncDispose]() {
      await rm(copy, { recursive: true, force: true })
      await rm(note, { force: true })
    },
  }
  if (await isOpenToAll(programs.postgres)) return programs
  await programs[Symbol.asyncDispose]()
  throw new EmbeddedPostgresError(
    'cannot-run',
    `no other account than root can enter ${tmpdir()}: start the server as a normal user, or set DATABASE_URL`,
  )
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path)
  if ((mode & readAndEnter) !== readAndEnter) return false
  const parent = dirname(path)
  return parent === path || isOpenToAll(parent)
}
