/**
 * The model's database: committed rows, transactions that see them and their own changes (READ COMMITTED), locks, and
 * numbers that never come back. A transaction's changes become visible together, at `commit`, or never.
 */
import { Locks } from './locks.ts'
import { createTables, keyOf, type Rows, type TableData, type TableName, type View } from './tables.ts'

export class ModelDatabase implements View {
  readonly tables: TableData = createTables()
  readonly locks = new Locks()
  /** Held by connections: which writer slots are taken, and who can be ended from outside. */
  readonly slots = new Set<number>()
  readonly backends = new Map<number, { end(): void }>()
  readonly epoch: string
  /** Microseconds since 1970. */
  readonly micros: () => number
  readonly #numbers = new Map<string, number>()

  constructor(options: { readonly epoch?: string; micros(): number }) {
    this.epoch = options.epoch ?? 'model'
    this.micros = options.micros
  }

  /** Taken for good, whether or not the transaction that asked is committed. */
  nextNumber(sequence: 'streams' | 'messages' | 'bell' | 'sessions' | 'backends' | 'mediaChecks'): number {
    const next = (this.#numbers.get(sequence) ?? 0) + 1
    this.#numbers.set(sequence, next)
    return next
  }

  get<Name extends TableName>(table: Name, ...key: readonly (string | number)[]): Rows[Name] | undefined {
    return this.tables[table].get(key.join(' '))
  }

  find<Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean): Rows[Name][] {
    const rows: Rows[Name][] = []
    for (const row of this.tables[table].values()) if (where(row)) rows.push(row)
    return rows
  }

  begin(): ModelTransaction {
    return new ModelTransaction(this)
  }
}

/** A key that is there already. */
export class DuplicateError extends Error {
  readonly code = '23505'

  constructor(table: string, key: string) {
    super(`duplicate key in ${table}: ${key}`)
    this.name = 'DuplicateError'
  }
}

type Changes = { readonly [Name in TableName]?: Map<string, Rows[Name] | null> }

export class ModelTransaction implements View {
  readonly database: ModelDatabase
  readonly #changes: { -readonly [Name in keyof Changes]: Changes[Name] } = {}
  #ended = false

  constructor(database: ModelDatabase) {
    this.database = database
  }

  /** One after the other, in the order given. */
  async lock(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#requireRunning()
      await this.database.locks.take(this, name)
    }
    this.#requireRunning()
  }

  get<Name extends TableName>(table: Name, ...key: readonly (string | number)[]): Rows[Name] | undefined {
    const changed = this.#changesOf(table).get(key.join(' '))
    return changed === undefined ? this.database.get(table, ...key) : (changed ?? undefined)
  }

  find<Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean): Rows[Name][] {
    const changes = this.#changesOf(table)
    const rows: Rows[Name][] = []
    for (const [key, row] of this.database.tables[table]) if (where(row) && !changes.has(key)) rows.push(row)
    for (const row of changes.values()) if (row !== null && where(row)) rows.push(row)
    return rows
  }

  insert<Name extends TableName>(table: Name, row: Rows[Name]): void {
    const key = keyOf(table, row)
    if (this.get(table, key) !== undefined) throw new DuplicateError(table, key)
    this.put(table, row)
  }

  put<Name extends TableName>(table: Name, row: Rows[Name]): void {
    this.#requireRunning()
    this.#changesOf(table).set(keyOf(table, row), row)
  }

  delete<Name extends TableName>(table: Name, row: Rows[Name]): void {
    this.#requireRunning()
    this.#changesOf(table).set(keyOf(table, row), null)
  }

  commit(): void {
    this.#requireRunning()
    this.#ended = true
    for (const name of Object.keys(this.#changes) as TableName[]) this.#apply(name)
    this.database.locks.release(this)
  }

  rollback(): void {
    if (this.#ended) return
    this.#ended = true
    this.database.locks.release(this)
  }

  #apply<Name extends TableName>(table: Name): void {
    const rows = this.database.tables[table]
    for (const [key, row] of this.#changesOf(table)) {
      if (row === null) rows.delete(key)
      else rows.set(key, row)
    }
  }

  #changesOf<Name extends TableName>(table: Name): Map<string, Rows[Name] | null> {
    this.#changes[table] ??= new Map() as Changes[Name]
    return this.#changes[table] as Map<string, Rows[Name] | null>
  }

  #requireRunning(): void {
    if (this.#ended) throw new Error('the transaction has ended')
  }
}
