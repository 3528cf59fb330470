/** The cache port on IndexedDB: one database per sign-in, keys outside the rows, nothing indexed twice. */
import { deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'
import {
  type Cache,
  CacheFullError,
  CacheGoneError,
  type CacheReader,
  type CacheWriter,
  type KeyRange,
  type ListOptions,
  type Row,
  type RowKey,
  type StoreName,
} from '../cache/cache.ts'
import type { CacheFactory } from '../ports.ts'

/** Grows with every store that is added. */
const version = 6
/** Since this one rows have had their form. */
const formed = 5
const storeNames: readonly StoreName[] = [
  'meta',
  'conversations',
  'messages',
  'positions',
  'people',
  'bell',
  'pins',
  'saves',
  'outbox',
  'wishes',
  'counters',
  'settled',
  'takenBack',
  'mailHeaders',
  'mailBodies',
  'mailMeta',
  'mailWishes',
  'drafts',
]

/** Stores of what exists nowhere else. */
const written: readonly StoreName[] = ['outbox', 'wishes', 'counters', 'settled', 'takenBack']

export function createIndexedDbCaches(): CacheFactory {
  return {
    storage: 'durable',
    open: async (name, gone) => new IndexedDbCache(await openDatabase(name, gone).catch(explainOpening)).port(),
    delete: name => deleteDB(name),
  }
}

interface Opened {
  readonly database: IDBPDatabase
  /** Whether another tab, or the browser, took it away meanwhile. */
  readonly state: { deleted: 'yes' | 'no' }
}

async function openDatabase(name: string, gone: () => void): Promise<Opened> {
  const state: Opened['state'] = { deleted: 'no' }
  const lose = () => {
    state.deleted = 'yes'
    gone()
  }
  const database = await openDB(name, version, {
    upgrade: (created, before, _after, transaction) => {
      for (const store of storeNames) {
        if (!created.objectStoreNames.contains(store)) created.createObjectStore(store)
        // Rows of an older form: all can be fetched again, but for what was written here and not sent.
        else if (before < formed && !written.includes(store)) void transaction.objectStore(store).clear()
      }
    },
    // Letting go at once is what lets the other tab delete it; this one must never write again.
    blocking: (_current, next, event) => {
      const target = event.target as IDBDatabase
      target.close()
      if (next === null) lose()
    },
    // The browser took it away: somebody cleared the site's data, or its storage broke down.
    terminated: lose,
  })
  return { database, state }
}

function explainOpening(cause: unknown): never {
  throw isAboutRoom(cause) ? new CacheFullError('There is no room to begin.', { cause }) : cause
}

class IndexedDbCache {
  readonly #opened: Opened

  constructor(opened: Opened) {
    this.#opened = opened
  }

  port(): Cache {
    return {
      read: (stores, work) => this.#run(stores, 'readonly', work),
      write: (stores, work, durability = 'relaxed') =>
        this.#run(stores, 'readwrite', transaction => work(createWriter(transaction)), durability),
      close: async () => this.#opened.database.close(),
    }
  }

  async #run<Mode extends IDBTransactionMode, Result>(
    stores: readonly StoreName[],
    mode: Mode,
    work: (transaction: CacheReader & Source<Mode>) => Promise<Result>,
    durability: IDBTransactionDurability = 'default',
  ): Promise<Result> {
    const transaction = this.#begin(stores, mode, durability)
    const committed = transaction.done
    // Awaited below; without a handler of its own an abort during `work` would count as unhandled.
    committed.catch(() => undefined)
    try {
      const result = await work({ ...createReader(transaction), transaction })
      await committed
      return result
    } catch (error) {
      abort(transaction)
      // A lack of room ends the transaction, and what waited in it only hears that it was ended.
      const ending: unknown = await committed.then(
        () => null,
        (reason: unknown) => reason,
      )
      throw this.#explain([error, ending], error)
    }
  }

  #explain(reasons: readonly unknown[], cause: unknown): unknown {
    if (this.#opened.state.deleted === 'yes') return new CacheGoneError('The cache was deleted.', { cause })
    if (reasons.some(isAboutRoom)) return new CacheFullError('There is no room to store this.', { cause })
    return cause
  }

  #begin<Mode extends IDBTransactionMode>(
    stores: readonly StoreName[],
    mode: Mode,
    durability: IDBTransactionDurability,
  ): Transaction<Mode> {
    try {
      return this.#opened.database.transaction<StoreName[], Mode>([...stores], mode, { durability })
    } catch (error) {
      throw this.#explain([error], error)
    }
  }
}

type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<unknown, StoreName[], Mode>
interface Source<Mode extends IDBTransactionMode> {
  readonly transaction: Transaction<Mode>
}

function createReader(transaction: Transaction<IDBTransactionMode>): CacheReader {
  return {
    get: async <Store extends StoreName>(store: Store, key: RowKey<Store>) => {
      // What is under a key was put there by `put`, which knows its type.
      const row: Row<Store> | undefined = await transaction.objectStore(store).get(toKey(key))
      return row
    },
    list: async <Store extends StoreName>(store: Store, options: ListOptions<Store> = {}) => {
      const { range, limit, order = 'ascending' } = options
      if (range && isEmpty(range)) return []
      const source = transaction.objectStore(store)
      if (order === 'ascending') return source.getAll(toRange(range), limit)
      const end = limit === undefined ? null : await source.openKeyCursor(toRange(range), 'prev')
      const last = await findLast(end, toRange(range), limit ?? 1)
      return (await source.getAll(last)).reverse()
    },
    count: async (store, range) => (range && isEmpty(range) ? 0 : transaction.objectStore(store).count(toRange(range))),
  }
}

function createWriter(reader: CacheReader & Source<'readwrite'>): CacheWriter {
  const { transaction, ...read } = reader
  return {
    ...read,
    put: async (store, key, row) => {
      await transaction.objectStore(store).put(row, toKey(key))
    },
    delete: async (store, which) => {
      const isRange = typeof which === 'object' && 'from' in which
      if (isRange && isEmpty(which)) return
      await transaction.objectStore(store).delete(isRange ? toBounds(which) : toKey(which))
    },
    clear: store => transaction.objectStore(store).clear(),
  }
}

/**
 * The last so many keys of a range, as a range, from a cursor at its end. One jump over keys: taking row after row would need a
 * task for each, fifty for a page of messages.
 */
async function findLast(end: Jumping | null, range: IDBKeyRange | undefined, limit: number) {
  const first = limit > 1 ? await end?.advance(limit - 1) : end
  if (!first) return range
  return range ? IDBKeyRange.bound(first.key, range.upper) : IDBKeyRange.lowerBound(first.key)
}

interface Jumping {
  readonly key: IDBValidKey
  advance(count: number): Promise<Jumping | null>
}

function isAboutRoom(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

/** It may have ended already, by the error that made us abort it. */
function abort(transaction: Transaction<IDBTransactionMode>): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}

function toKey(key: RowKey<StoreName>): IDBValidKey {
  return typeof key === 'object' ? [...key] : key
}

/** IndexedDB throws at a range that ends before it begins; here it holds nothing, as in memory. */
function isEmpty(range: KeyRange<StoreName>): boolean {
  return indexedDB.cmp(toKey(range.from), toKey(range.to)) > 0
}

function toRange(range: KeyRange<StoreName> | undefined): IDBKeyRange | undefined {
  return range && toBounds(range)
}

function toBounds(range: KeyRange<StoreName>): IDBKeyRange {
  return IDBKeyRange.bound(toKey(range.from), toKey(range.to))
}
