import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import { findBinaries } from './binaries.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { chooseIdentity } from './identity.ts'
import { layoutIn } from './layout.ts'
import { providePrograms } from './programs.ts'

/** Programs are found through PATH, so a machine without one of them is a PATH without it. */
async function withPrograms<T>(programs: readonly string[], use: () => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-path-'))
  const before = process.env['PATH'] ?? ''
  for (const program of programs) await symlink(findProgram(program, before), join(folder, program))
  await chmod(folder, 0o755)
  process.env['PATH'] = folder
  try {
    return await use()
  } finally {
    process.env['PATH'] = before
    await rm(folder, { recursive: true })
  }
}

function findProgram(name: string, path: string): string {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8', env: { PATH: path } })
  return stdout.trim()
}

async function createClosedFolder() {
  const path = await mkdtemp(join(tmpdir(), 'recado-closed-'))
  await chmod(path, 0o700)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

async function startAndFindOwner(dataDir: string): Promise<number> {
  await using postgres = await startEmbeddedPostgres({ dataDir, logger: silentLogger })
  expect(postgres.pid).toBeGreaterThan(0)
  return (await stat(join(layoutIn(dataDir).data, 'postmaster.pid'))).uid
}

async function identify(folder: string): Promise<string> {
  const { postgres } = await findBinaries()
  return (await chooseIdentity(postgres, folder, join(folder, 'data'))).kind
}

if (process.getuid?.() === 0) {
  test('root runs it behind a closed folder, and in a user namespace its files stay root’s', async () => {
    await using folder = await createClosedFolder()
    const inNamespace = (await identify(folder.path)) === 'user-namespace'
    expect((await startAndFindOwner(folder.path)) === 0).toBe(inNamespace)
  })

  test('where namespaces are forbidden, root runs it as another account, behind the same closed folder', async () => {
    await using folder = await createClosedFolder()
    await withPrograms(['sh', 'setpriv'], async () => {
      expect(await startAndFindOwner(folder.path)).not.toBe(0)
      expect(await startAndFindOwner(folder.path)).not.toBe(0)
    })
    expect(await startAndFindOwner(folder.path)).not.toBe(0)
  })

  test('programs behind a closed folder are copied for such an account, and the copy does not stay', async () => {
    await using folder = await createClosedFolder()
    const installed = await findBinaries()
    const root = join(folder.path, 'native')
    await cp(dirname(dirname(installed.postgres)), root, { recursive: true, verbatimSymlinks: true })
    const closed = { initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') }
    const note = join(folder.path, 'note')
    const identity = { kind: 'account', account: { uid: 1, gid: 1 } } as const
    const forgotten = await providePrograms(closed, identity, note)
    await using programs = await providePrograms(closed, identity, note)
    expect(existsSync(forgotten.postgres)).toBe(false)
    expect(spawnSync(programs.postgres, ['--version'], { ...identity.account, encoding: 'utf8' }).stdout).toContain(
      '18',
    )
    expect(spawnSync(closed.postgres, ['--version'], identity.account).error).toMatchObject({ code: 'EACCES' })
    await programs[Symbol.asyncDispose]()
    expect(existsSync(programs.postgres)).toBe(false)
  })

  test('data that belongs to another account is served as that account', async () => {
    await using folder = await createClosedFolder()
    const data = join(folder.path, 'data')
    await mkdir(data)
    await chown(data, 1, 1)
    const { postgres } = await findBinaries()
    const identity = await chooseIdentity(postgres, folder.path, data)
    expect(identity).toMatchObject({ account: { uid: 1, gid: 1 } })
  })

  test('root without any way to another account is told what to do', async () => {
    await using folder = await createClosedFolder()
    const inside = join(folder.path, 'inside')
    await mkdir(inside)
    await withPrograms(['sh'], () =>
      expect(identify(inside)).rejects.toMatchObject({
        problem: 'cannot-run',
        message: expect.stringContaining('as a normal user'),
      }),
    )
  })
} else {
  test('whoever is not root runs it as themselves', async () => {
    await using folder = await createClosedFolder()
    expect(await identify(folder.path)).toBe('self')
    expect(await startAndFindOwner(folder.path)).toBe(process.getuid?.())
  })
}
