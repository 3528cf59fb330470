/**
 * Brings a database to the schema of this build: the numbered SQL files of `migrations/`, in order, each once.
 *
 * Forward only. A session lock makes nodes that start together take turns, and the second finds nothing to do. Each file
 * is one transaction together with its row in `migrations`, so a process that dies in the middle leaves whole files
 * only and the next start goes on from there. A file that was changed after it ran, or a database that knows a
 * migration this build does not, is refused before anything is written: both mean that the tables are not what the
 * code believes.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { Logger } from '../logger.ts'
import { connectDedicated, type DatabaseAddress } from './pool.ts'

export const migrationsDirectory = join(import.meta.dirname, 'migrations')

export type MigrationProblem = 'bad-files' | 'changed-after-applied' | 'database-is-newer'

export class MigrationError extends Error {
  override readonly name = 'MigrationError'
  readonly problem: MigrationProblem

  constructor(problem: MigrationProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

export interface MigrateOptions {
  readonly address: DatabaseAddress
  readonly logger: Logger
  /** The folder of numbered files; this build's own unless a test brings another. */
  readonly directory?: string
}

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

interface AppliedMigration {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

const fileName = /^(\d{4})_([a-z0-9_-]+)\.sql$/
/** Held for the whole run, in the key space of two int4: 'reca', 'migr'. */
const migrationLock = [0x72656361, 0x6d696772]

/** Applies what is missing and returns the numbers that it applied. */
export async function migrate(options: MigrateOptions): Promise<readonly number[]> {
  const migrations = await readMigrations(options.directory ?? migrationsDirectory)
  const client = await connectDedicated({
    address: options.address,
    applicationName: 'recado migrate',
    logger: options.logger,
  })
  try {
    await client.query('select pg_advisory_lock($1, $2)', migrationLock)
    const missing = requireContinuation(migrations, await readApplied(client))
    for (const migration of missing) {
      await applyMigration(client, migration)
      options.logger.info({ migration: migration.number, name: migration.name }, 'migration applied')
    }
    return missing.map(migration => migration.number)
  } finally {
    await client.end()
  }
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter(file => file.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const [index, file] of files.entries()) {
    const match = fileName.exec(file)
    if (match === null) throw new MigrationError('bad-files', `${file} is not named like 0001_what_it_does.sql`)
    if (Number(match[1]) !== index + 1) {
      throw new MigrationError('bad-files', `${file} should be number ${index + 1}: numbers are dense and unique`)
    }
    const sql = await readFile(join(directory, file), 'utf8')
    const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex')
    migrations.push({ number: index + 1, name: match[2] ?? '', sql, checksum })
  }
  return migrations
}

async function readApplied(client: Client): Promise<readonly AppliedMigration[]> {
  await client.query(`
    create table if not exists migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await client.query<AppliedMigration>('select number, name, checksum from migrations order by number')
  return rows
}

function requireContinuation(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [index, done] of applied.entries()) {
    const migration = migrations[index]
    if (migration === undefined) {
      throw new MigrationError(
        'database-is-newer',
        `the database has migration ${done.number} (${done.name}), which this version does not know: run the newer version`,
      )
    }
    if (done.number !== migration.number || done.checksum !== migration.checksum) {
      throw new MigrationError(
        'changed-after-applied',
        `migration ${migration.number} (${migration.name}) was changed after it was applied: put it back and add a new one`,
      )
    }
  }
  return migrations.slice(applied.length)
}

async function applyMigration(client: Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations (number, name, checksum) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
