/**
 * A writer: one connection that holds the session lock of its slot and runs one transaction at a time, so that its
 * rows in the commit journal are dense and in commit order. Upholds L1 and L2.
 *
 * A statement that fails with an ERROR wrote nothing and leaves the writer usable. Everything else that ends a
 * statement (a lost connection, FATAL, a commit that answers with a warning) means that nobody knows: `OutcomeUnknown`.
 * Then the writer is gone, and `recover` finds out from the journal once its backend is gone too.
 */
import { randomInt } from 'node:crypto'
import { type Client, DatabaseError } from 'pg'
import type { Logger } from '../../logger.ts'
import type { AppendEntry } from '../appending.ts'
import { connectDedicated, type DatabaseAddress } from '../pool.ts'
import type { PositionMove } from '../registers.ts'
import type { Attempt, Commit, Writer } from '../store.ts'
import { OutcomeUnknown, WriterLost } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { appendBatch, type BatchResult } from './append.ts'
import { type MoveResult, movePositions } from './registers.ts'
import { SqlTransaction } from './transaction.ts'

/** Key space of the slots' session locks: 'slot'. */
const slotLockSpace = 0x736c6f74
const slots = 64
/** How long a killed backend may take to go. */
const takeoverMs = 10_000

/**
 * The writer's statements are few and always by index; these settings keep their plans so from an empty database on.
 * A transaction of ours is never cancelled by a time-out, but one that idles is (the pool's setting).
 */
const sessionSettings = `
  set synchronous_commit = on; set lock_timeout = 0; set jit = off; set plan_cache_mode = force_generic_plan;
  set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;`

export interface WriterOptions {
  readonly address: DatabaseAddress
  readonly logger: Logger
}

export async function openWriter(options: WriterOptions): Promise<SqlWriter> {
  const client = await connectDedicated({ ...options, applicationName: 'recado writer' })
  try {
    await client.query(sessionSettings)
    for (let slot = 1; slot <= slots; slot++) {
      if (await tryLockSlot(client, slot)) return await SqlWriter.create(client, slot)
    }
    throw new Error(`all ${slots} writer slots are taken`)
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/** See `Store.recoverWriter`. */
export async function recoverWriter(
  options: WriterOptions,
  attempt: Attempt,
): Promise<{ readonly writer: SqlWriter; readonly committed: boolean }> {
  const client = await connectDedicated({ ...options, applicationName: 'recado writer' })
  try {
    await client.query(sessionSettings)
    await endBackend(client, attempt)
  } finally {
    await client.end().catch(() => undefined)
  }
  const writer = await openWriter(options)
  return { writer, committed: await writer.wasCommitted(attempt) }
}

/** Makes sure that the lost connection's backend is gone, and with it every doubt about its transaction. */
async function endBackend(client: Client, attempt: Attempt): Promise<void> {
  const deadline = Date.now() + takeoverMs
  for (;;) {
    const { rows } = await client.query<{ pid: number }>(
      `select l.pid from pg_locks l
        where l.locktype = 'advisory' and l.classid = $1 and l.objid = $2 and l.pid = $3
          and l.database = (select oid from pg_database where datname = current_database())`,
      [slotLockSpace, attempt.slot, attempt.process],
    )
    if (rows.length === 0) return
    if (Date.now() > deadline) throw new Error('the backend of a lost writer does not end')
    await client.query('select pg_terminate_backend($1, 200)', [attempt.process])
  }
}

async function tryLockSlot(client: Client, slot: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
    slotLockSpace,
    slot,
  ])
  return rows[0]?.locked === true
}

export class SqlWriter implements Writer {
  readonly slot: number
  readonly #client: Client
  readonly #incarnation = randomInt(1, 2 ** 47)
  readonly #process: number
  #number: number
  #warned = false
  #lost = false

  private constructor(client: Client, slot: number, state: { readonly number: number; readonly process: number }) {
    this.#client = client
    this.slot = slot
    this.#number = state.number
    this.#process = state.process
    client.on('end', () => {
      this.#lost = true
    })
    client.on('notice', notice => {
      if (notice.severity === 'WARNING') this.#warned = true
    })
  }

  static async create(client: Client, slot: number): Promise<SqlWriter> {
    const { rows } = await client.query<{ number: number; process: number }>(
      'select coalesce(max(number), 0)::bigint as number, pg_backend_pid() as process from commits where writer = $1',
      [slot],
    )
    const state = rows[0]
    if (state === undefined) throw new Error('an aggregate gave no row')
    return new SqlWriter(client, slot, state)
  }

  async wasCommitted(attempt: Attempt): Promise<boolean> {
    const { rowCount } = await this.#client.query(
      'select 1 from commits where writer = $1 and number = $2 and incarnation = $3',
      [attempt.slot, attempt.number, attempt.incarnation],
    )
    return rowCount !== 0
  }

  async appendBatch(entries: readonly AppendEntry[]): Promise<BatchResult> {
    return await this.#decisive(attempt => appendBatch(this.#client, attempt, entries))
  }

  async movePositions(moves: readonly PositionMove[]): Promise<MoveResult> {
    return await this.#decisive(attempt => movePositions(this.#client, attempt, moves))
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>) {
    const transaction = new SqlTransaction(this.#client, this.#attempt())
    let result: Result
    let written: Awaited<ReturnType<SqlTransaction['finish']>>
    try {
      await transaction.begin()
      result = await work(transaction)
      written = await transaction.finish()
    } catch (error) {
      await this.#rollback(error)
      throw error
    }
    return await this.#decisive(async () => {
      await this.#client.query('commit')
      return { result, commit: written.commit, changed: written.changed }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }

  #attempt(): Attempt {
    return { slot: this.slot, number: this.#number + 1, incarnation: this.#incarnation, process: this.#process }
  }

  /** Runs the statement that commits, and tells a plain failure from an unknown outcome. */
  async #decisive<Result extends { readonly commit: Commit | null }>(
    run: (attempt: Attempt) => Promise<Result>,
  ): Promise<Result> {
    const attempt = this.#attempt()
    this.#warned = false
    let result: Result
    try {
      result = await run(attempt)
    } catch (error) {
      if (isPlainError(error) && !this.#lost) throw error
      await this[Symbol.asyncDispose]()
      throw new OutcomeUnknown(attempt, error)
    }
    if (this.#warned) {
      await this[Symbol.asyncDispose]()
      throw new OutcomeUnknown(attempt, new Error('the commit answered with a warning'))
    }
    if (result.commit !== null) this.#number = result.commit.number
    return result
  }

  async #rollback(cause: unknown): Promise<void> {
    try {
      await this.#client.query('rollback')
    } catch {
      throw new WriterLost(cause)
    }
  }
}

/** Whether PostgreSQL itself says that the statement failed and the connection goes on. */
function isPlainError(error: unknown): boolean {
  return error instanceof DatabaseError ? error.severity === 'ERROR' : false
}
