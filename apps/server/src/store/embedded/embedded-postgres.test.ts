import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { silentLogger } from '@recado/testkit'
import type { Client } from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { connectDedicated, type DatabaseAddress } from '../pool.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { layoutIn } from './layout.ts'
import type { DatabaseState } from './supervisor.ts'

interface Folder extends AsyncDisposable {
  readonly path: string
}

async function createEmptyFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'recado-embedded-'))
  await chmod(path, 0o700)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

let initialised: Folder

beforeAll(async () => {
  initialised = await createEmptyFolder()
  await (await start(initialised.path))[Symbol.asyncDispose]()
  return () => initialised[Symbol.asyncDispose]()
})

/** As a server leaves it that ran once and was stopped. */
async function createFolder(): Promise<Folder> {
  const folder = await createEmptyFolder()
  await cp(initialised.path, folder.path, { recursive: true })
  return folder
}

function start(dataDir: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, logger: silentLogger })
}

async function withClient<T>(address: DatabaseAddress, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectDedicated({ address, applicationName: 'test', logger: silentLogger })
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

function query(address: DatabaseAddress, sql: string): Promise<readonly unknown[]> {
  return withClient(address, async client => (await client.query(sql)).rows)
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5)
}

/** One that has ended but was not waited for counts as gone. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

interface ServerProcess {
  readonly child: ChildProcess
  /** What it said first: its database, or why there is none. */
  readonly said: Promise<{ readonly pid?: number; readonly address?: DatabaseAddress; readonly problem?: string }>
  kill(): Promise<void>
}

/** A process of its own that holds the database, to be killed. */
function spawnServer(dataDir: string): ServerProcess {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('embedded-postgres.ts', import.meta.url).href)}
    import { pino } from 'pino'
    try {
      const postgres = await startEmbeddedPostgres({
        dataDir: ${JSON.stringify(dataDir)}, logger: pino({ level: 'silent' }),
      })
      console.log(JSON.stringify({ pid: postgres.pid, address: postgres.address }))
    } catch (error) {
      console.log(JSON.stringify({ problem: error.problem ?? String(error) }))
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const said = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(String(line)))
  return {
    child,
    said,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function spawnRunningServer(dataDir: string) {
  const server = spawnServer(dataDir)
  const { pid, address, problem } = await server.said
  if (pid === undefined || address === undefined) throw new Error(`the server did not start: ${problem}`)
  return { ...server, pid, address }
}

test('a first start makes the database, and a second finds it again, in a folder that only its owner enters', async () => {
  await using folder = await createEmptyFolder()
  {
    await using postgres = await start(folder.path)
    await query(postgres.address, `create table kept as select 'açaí' as word`)
  }
  expect(existsSync(join(layoutIn(folder.path).data, 'postmaster.pid'))).toBe(false)
  await using postgres = await start(folder.path)
  expect(await query(postgres.address, 'select word from kept')).toEqual([{ word: 'açaí' }])
  const { mode } = await stat(layoutIn(folder.path).folder)
  expect(mode & 0o777).toBe(0o700)
})

test('L2: what is acknowledged is on disk, and text is stored and ordered the same on every system', async () => {
  await using folder = await createFolder()
  await using postgres = await start(folder.path)
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'server_encoding', 'autovacuum']
  const settings = await query(
    postgres.address,
    `select ${names.map(name => `current_setting('${name}') as ${name}`).join()}, datlocprovider::text, datlocale
     from pg_database where datname = current_database()`,
  )
  expect(settings).toEqual([
    {
      ...Object.fromEntries(names.map(name => [name, name === 'server_encoding' ? 'UTF8' : 'on'])),
      datlocprovider: 'b',
      datlocale: 'C.UTF-8',
    },
  ])
})

test('nobody connects without the password, and the file that holds it is private', async () => {
  await using folder = await createFolder()
  await using postgres = await start(folder.path)
  expect((await stat(layoutIn(folder.path).password)).mode & 0o777).toBe(0o600)
  const { address } = postgres
  if (address.kind === 'url') throw new Error('the embedded database is known by its parts')
  const guess = connectDedicated({
    address: { ...address, password: 'x' },
    applicationName: 'test',
    logger: silentLogger,
  })
  await expect(guess).rejects.toThrow('password authentication failed')
})

test('no text of a statement reaches the log', async () => {
  await using folder = await createFolder()
  await using postgres = await start(folder.path)
  await withClient(postgres.address, async client => {
    await client.query('create table bodies (id int primary key, body jsonb)')
    await client.query('insert into bodies values (1, $1)', ['"sealed"'])
    for (const body of ['"sealed"', 'sealed without quotes']) {
      await expect(client.query('insert into bodies values (1, $1)', [body])).rejects.toThrow()
    }
    await expect(client.query(`select 'sealed' as sealed where 1 / 0 = 1`)).rejects.toThrow('division by zero')
  })
  const log = await readFile(layoutIn(folder.path).log, 'utf8')
  expect(log).toContain('ready to accept connections')
  expect(log).not.toContain('sealed')
})

test('a folder too deep for a socket is served over the loopback, with the same password', async () => {
  await using folder = await createFolder()
  await using postgres = await start(join(folder.path, 'a-folder-with-a-long-name'.repeat(4)))
  expect(postgres.address).toMatchObject({ host: '127.0.0.1' })
  expect(await query(postgres.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a killed server leaves its database running; the next start stops it and has every acknowledged row', async () => {
  await using folder = await createFolder()
  const killed = await spawnRunningServer(folder.path)
  await query(killed.address, 'create table kept as select 1 as row')
  await killed.kill()
  expect(isAlive(killed.pid)).toBe(true)
  await using postgres = await start(folder.path)
  expect(isAlive(killed.pid)).toBe(false)
  expect(postgres.pid).not.toBe(killed.pid)
  expect(await query(postgres.address, 'select row from kept')).toEqual([{ row: 1 }])
})

test('server and database killed together start again at once, with a statement of the dead still running', async () => {
  await using folder = await createFolder()
  const killed = await spawnRunningServer(folder.path)
  await query(killed.address, 'create table kept as select 1 as row')
  const busy = withClient(killed.address, client => client.query('select pg_sleep(600)'))
  busy.catch(() => undefined)
  await until(
    async () => (await query(killed.address, "select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length > 0,
  )
  await killed.kill()
  process.kill(killed.pid, 'SIGKILL')
  await using postgres = await start(folder.path)
  expect(await query(postgres.address, 'select row from kept')).toEqual([{ row: 1 }])
  await expect(busy).rejects.toThrow()
})

test('a server that is killed while it makes the database leaves nothing that stops the next', async () => {
  await using folder = await createEmptyFolder()
  const { initialising, data } = layoutIn(folder.path)
  const killed = spawnServer(folder.path)
  killed.said.catch(() => undefined)
  await until(() => existsSync(join(initialising, 'PG_VERSION')))
  await killed.kill()
  expect(existsSync(data)).toBe(false)
  await using postgres = await start(folder.path)
  expect(await query(postgres.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a database that is killed under a living server comes back at the same address', async () => {
  await using folder = await createFolder()
  const states: DatabaseState[] = []
  await using postgres = await startEmbeddedPostgres({
    dataDir: folder.path,
    logger: silentLogger,
    onStateChange: state => states.push(state),
  })
  await query(postgres.address, 'create table kept as select 1 as row')
  for (const round of [1, 2, 3]) {
    const { pid } = postgres
    process.kill(pid, 'SIGKILL')
    await until(() => states.length === 2 * round)
    expect(postgres.pid).not.toBe(pid)
    expect(await query(postgres.address, 'select row from kept')).toEqual([{ row: 1 }])
  }
  expect(states).toEqual(['down', 'up', 'down', 'up', 'down', 'up'])
})

test('a server that stops just as its database dies leaves none running', async () => {
  await using folder = await createFolder()
  const states: DatabaseState[] = []
  const postgres = await startEmbeddedPostgres({
    dataDir: folder.path,
    logger: silentLogger,
    onStateChange: state => states.push(state),
  })
  process.kill(postgres.pid, 'SIGKILL')
  await until(() => states.includes('down'))
  await postgres[Symbol.asyncDispose]()
  await using again = await start(folder.path)
  expect(await query(again.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a second server on the same folder is refused, and harms nothing', async () => {
  await using folder = await createFolder()
  await using first = await start(folder.path)
  const { pid } = first
  const second = spawnServer(folder.path)
  expect(await second.said).toEqual({ problem: 'folder-in-use' })
  await expect(start(folder.path)).rejects.toThrow(`process ${process.pid}`)
  expect(first.pid).toBe(pid)
  expect(await query(first.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a second server is refused even when somebody deleted the lock file', async () => {
  await using folder = await createFolder()
  await using first = await start(folder.path)
  await rm(join(layoutIn(folder.path).folder, 'lock'))
  await expect(start(folder.path)).rejects.toMatchObject({ problem: 'folder-in-use' })
  expect(await query(first.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('of two servers that start on an empty folder at once, one runs and the other is refused', async () => {
  await using folder = await createEmptyFolder()
  const servers = [spawnServer(folder.path), spawnServer(folder.path), spawnServer(folder.path)]
  const said = await Promise.all(servers.map(server => server.said))
  expect(said.map(({ problem }) => problem).sort()).toEqual(['folder-in-use', 'folder-in-use', undefined])
  await Promise.all(servers.map(server => server.kill()))
  await using postgres = await start(folder.path)
  expect(await query(postgres.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a pid file that names a process which is no PostgreSQL of this folder is removed, and the process left alone', async () => {
  await using folder = await createFolder()
  await using elsewhere = await createFolder()
  await using other = await start(elsewhere.path)
  for (const pid of [process.pid, other.pid]) {
    const lines = [pid, layoutIn(folder.path).data, 0, 5432, layoutIn(folder.path).run, '', '', 'ready']
    await writeFile(join(layoutIn(folder.path).data, 'postmaster.pid'), `${lines.join('\n')}\n`)
    await using postgres = await start(folder.path)
    expect(await query(postgres.address, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(isAlive(pid)).toBe(true)
  }
})

test('data of another major version is refused and left as it is', async () => {
  await using folder = await createFolder()
  const version = join(layoutIn(folder.path).data, 'PG_VERSION')
  await writeFile(version, '17\n')
  await expect(start(folder.path)).rejects.toMatchObject({ problem: 'other-major-version' })
  await writeFile(version, '18\n')
  await using postgres = await start(folder.path)
  expect(await query(postgres.address, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a database that cannot start says why', async () => {
  await using folder = await createFolder()
  await writeFile(join(layoutIn(folder.path).data, 'local.conf'), 'no_such_setting = 1\n')
  await expect(start(folder.path)).rejects.toMatchObject({
    problem: 'did-not-start',
    message: expect.stringContaining('no_such_setting'),
  })
})
