/**
 * Connections to PostgreSQL: pools for readers and operations, and single connections for those who own a session
 * (the log's writers, the migrator).
 *
 * Values are parsed here once and alike for all: int8 is a number, and one that does not fit exactly is an error
 * rather than a wrong id; times stay PostgreSQL's text, since a JavaScript Date drops the microseconds that cursors
 * carry (L6). The parsers belong to the connection and never to `pg`'s process-wide table.
 *
 * A connection that breaks while idle is logged and replaced; one that breaks in use rejects its query, and whether
 * to try again is the caller's decision, because only the caller knows whether the statement may run twice (L2).
 */
import { Client, type ClientConfig, type CustomTypesConfig, types as defaultTypes, Pool, TypeOverrides } from 'pg'
import type { Logger } from '../logger.ts'
import { StandbyGate } from './standby.ts'

/** Where a database is and who connects. `url` is an operator's DATABASE_URL, with whatever options it holds. */
export type DatabaseAddress =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'parts'
      /** A host name, or the absolute path of the folder that holds the Unix socket. */
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: string
      readonly database: string
    }

export interface PoolOptions {
  readonly address: DatabaseAddress
  readonly applicationName: string
  readonly maxConnections: number
  /** How long one statement may run; 0 is without limit. Never set on connections that COMMIT the log (L2). */
  readonly statementTimeoutMs: number
  readonly logger: Logger
}

export interface ConnectionOptions {
  readonly address: DatabaseAddress
  readonly applicationName: string
  readonly logger: Logger
}

const connectionTimeoutMs = 10_000
/** A forgotten transaction would hold a snapshot, and heads cannot be vacuumed past it. */
const idleInTransactionTimeoutMs = 30_000
const idleConnectionMs = 30_000

/** A pool of connections for short statements. End it with `pool.end()`. */
export function createPool(options: PoolOptions): Pool {
  const gate = new StandbyGate()
  const pool = new Pool({
    ...clientConfig(options.address, options.applicationName),
    max: options.maxConnections,
    idleTimeoutMillis: idleConnectionMs,
    statement_timeout: options.statementTimeoutMs,
    verify: (client, done) => {
      gate.pass(client).then(() => done(), done)
    },
  })
  pool.on('error', error => options.logger.warn({ err: error }, 'an idle database connection was lost'))
  return pool
}

/** Rejects where the database does not answer. */
export async function pingDatabase(pool: Pool): Promise<void> {
  await pool.query('select 1')
}

/**
 * One connection of one's own, without a limit on statements: for a session that holds locks or commits the log.
 * It is not replaced when it breaks; listen to its `end` event. End it with `client.end()`.
 */
export async function connectDedicated(options: ConnectionOptions): Promise<Client> {
  const client = new Client(clientConfig(options.address, options.applicationName))
  // One break is several errors: what PostgreSQL said, then what the socket did.
  client.once('error', error => options.logger.warn({ err: error }, 'a dedicated database connection was lost'))
  client.on('error', () => undefined)
  try {
    await client.connect()
    // `pg` cannot send a zero when connecting, and an operator's own database may have another default.
    await client.query('set statement_timeout = 0')
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  return client
}

/** The same server and account, another database. */
export function withDatabase(address: DatabaseAddress, database: string): DatabaseAddress {
  if (address.kind === 'parts') return { ...address, database }
  const url = new URL(address.url)
  url.pathname = `/${encodeURIComponent(database)}`
  return { kind: 'url', url: url.href }
}

function clientConfig(address: DatabaseAddress, applicationName: string): ClientConfig {
  const shared = {
    application_name: applicationName,
    connectionTimeoutMillis: connectionTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    types: valueParsers(),
  }
  if (address.kind === 'url') return { ...shared, connectionString: address.url }
  const { host, port, user, password, database } = address
  return { ...shared, host, port, user, password, database, ssl: false }
}

const int8 = 20
const int8Array = 1016
const timeTypes = [defaultTypes.builtins.TIMESTAMPTZ, defaultTypes.builtins.TIMESTAMP, defaultTypes.builtins.DATE]

function valueParsers(): CustomTypesConfig {
  const parsers = new TypeOverrides()
  parsers.setTypeParser(int8, 'text', parseSafeInteger)
  parsers.setTypeParser(int8Array, 'text', parseSafeIntegers)
  for (const type of timeTypes) parsers.setTypeParser(type, 'text', text => text)
  return parsers
}

export function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`the database returned an integer beyond 2^53: ${text}`)
  return value
}

/** A flat array as PostgreSQL writes it, `{1,2,NULL}`; nested ones are refused as no integer. */
function parseSafeIntegers(text: string): (number | null)[] {
  const items = text.slice(1, -1)
  return items === '' ? [] : items.split(',').map(item => (item === 'NULL' ? null : parseSafeInteger(item)))
}
