import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, silentLogger } from '@recado/testkit'
import { expect, test } from 'vitest'
import { type MigrationProblem, migrate } from './migrate.ts'
import { connectDedicated, type DatabaseAddress } from './pool.ts'

const first = 'create table letters (id bigint primary key)'
const second = 'alter table letters add column body text'

interface Bench extends AsyncDisposable {
  readonly address: DatabaseAddress
  readonly directory: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  run(): Promise<readonly number[]>
  query(sql: string): Promise<readonly unknown[]>
}

/** An empty database, without the schema of this build, and a folder for migrations. */
async function createBench(): Promise<Bench> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const directory = await mkdtemp(join(tmpdir(), 'recado-migrations-'))
  owned.defer(() => rm(directory, { recursive: true }))
  const query = async (sql: string) => {
    const client = await connectDedicated({
      address: database.address,
      applicationName: 'test',
      logger: silentLogger,
    })
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  await query('drop schema public cascade; create schema public')
  const bench = owned.move()
  return {
    address: database.address,
    directory,
    write: async files => {
      for (const [name, sql] of Object.entries(files)) await writeFile(join(directory, name), sql)
    },
    run: () => migrate({ address: database.address, logger: silentLogger, directory }),
    query,
    [Symbol.asyncDispose]: () => bench.disposeAsync(),
  }
}

function problem(name: MigrationProblem): object {
  return expect.objectContaining({ name: 'MigrationError', problem: name })
}

test('what is missing is applied in order, and the second run finds nothing', async () => {
  await using bench = await createBench()
  await bench.write({ '0001_letters.sql': first })
  expect(await bench.run()).toEqual([1])
  await bench.write({ '0002_bodies.sql': second })
  expect(await bench.run()).toEqual([2])
  expect(await bench.run()).toEqual([])
  expect(await bench.query('select number, name from migrations order by number')).toEqual([
    { number: 1, name: 'letters' },
    { number: 2, name: 'bodies' },
  ])
})

test('two nodes at once apply each file once', async () => {
  await using bench = await createBench()
  await bench.write({ '0001_letters.sql': first, '0002_bodies.sql': second })
  const applied = await Promise.all([bench.run(), bench.run(), bench.run()])
  expect(applied.flat().sort()).toEqual([1, 2])
})

test('a file that fails leaves nothing of itself, keeps those before it, and can be repaired', async () => {
  await using bench = await createBench()
  await bench.write({ '0001_letters.sql': first, '0002_bodies.sql': `${second}; select 1 / 0` })
  await expect(bench.run()).rejects.toThrow('division by zero')
  expect(await bench.query('select number from migrations')).toEqual([{ number: 1 }])
  await bench.write({ '0002_bodies.sql': second })
  expect(await bench.run()).toEqual([2])
})

test('a file that was changed after it was applied is refused, and nothing is written', async () => {
  await using bench = await createBench()
  await bench.write({ '0001_letters.sql': first })
  await bench.run()
  await bench.write({ '0001_letters.sql': `${first};`, '0002_bodies.sql': second })
  await expect(bench.run()).rejects.toEqual(problem('changed-after-applied'))
  expect(await bench.query('select number from migrations')).toEqual([{ number: 1 }])
})

test('a database of a newer version is refused', async () => {
  await using bench = await createBench()
  await bench.write({ '0001_letters.sql': first, '0002_bodies.sql': second })
  await bench.run()
  await rm(join(bench.directory, '0002_bodies.sql'))
  await expect(bench.run()).rejects.toEqual(problem('database-is-newer'))
})

test.each([
  ['a gap', { '0001_letters.sql': first, '0003_bodies.sql': second }],
  ['one number twice', { '0001_letters.sql': first, '0001_others.sql': second }],
  ['a name without a number', { 'letters.sql': first }],
])('%s in the folder is refused before anything is applied', async (_, files) => {
  await using bench = await createBench()
  await bench.write(files)
  await expect(bench.run()).rejects.toEqual(problem('bad-files'))
  expect(await bench.query("select to_regclass('migrations') as found")).toEqual([{ found: null }])
})

test('the migrations of this build apply to an empty database, and can run twice', async () => {
  await using bench = await createBench()
  const applied = await migrate({ address: bench.address, logger: silentLogger })
  expect(applied[0]).toBe(1)
  expect(await migrate({ address: bench.address, logger: silentLogger })).toEqual([])
})

test('L3: data from before messages were events of their own keeps its events, and its keys', async () => {
  await using bench = await createBench()
  const shipped = join(import.meta.dirname, 'migrations')
  const older = (await readdir(shipped)).filter(file => file < '0006')
  for (const file of older) await cp(join(shipped, file), join(bench.directory, file))
  await bench.run()
  await bench.query(`
    insert into heads (stream_id) values (1); insert into register_heads (group_id) values (1);
    insert into memberships values (1, 2, 'member', 0, 0, 0); insert into own_positions values (1, 2)`)
  const append = (number: number, changes: string) =>
    bench.query(`select outcome, sequence from append_batch(1::smallint, ${number}, 1, '{1}', '{2}', '{sent}', '{what}',
      '{text}', '{null}', '{null}', '{null}', ${changes}, 20) where entry <> -1`)
  const reaction = {
    entry: -2,
    op: 'react',
    stream: 1,
    actor: 2,
    key: 'other',
    fingerprint: 'how',
    target: 1,
    emoji: '👍',
  }
  expect(await append(1, `'${JSON.stringify([reaction])}'`)).toEqual([
    { outcome: 'appended', sequence: 1 },
    { outcome: 'appended', sequence: 2 },
  ])
  const before = await bench.query('select * from events order by sequence')
  await cp(join(shipped, '0006_lean_append.sql'), join(bench.directory, '0006_lean_append.sql'))
  expect(await bench.run()).toEqual([6])
  expect(await bench.query('select * from stream_events order by sequence')).toEqual(before)
  expect(await bench.query('select sequence from events')).toEqual([{ sequence: 2 }])
  expect(await append(2, 'null')).toEqual([{ outcome: 'known', sequence: 1 }])
})
