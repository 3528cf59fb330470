/**
 * The cache port in memory: for Node, and where a browser's storage is blocked. Transactions run one after the other;
 * one that throws is undone. A database lives as long as the object that opens it, so a test that ends an engine hands
 * the next one what the first had stored.
 */
import type { CacheFactory } from '../ports.ts'
import {
  type Cache,
  CacheGoneError,
  type CacheReader,
  type CacheWriter,
  type KeyRange,
  type ListOptions,
  type Row,
  type RowKey,
  type StoreName,
} from './cache.ts'
import { SortedRows } from './sorted-rows.ts'

export function createMemoryCaches(): CacheFactory {
  const databases = new Map<string, MemoryDatabase>()
  return {
    storage: 'memory',
    open: async (name, gone) => {
      const database = databases.get(name) ?? new MemoryDatabase()
      databases.set(name, database)
      return database.open(gone)
    },
    delete: async name => {
      const database = databases.get(name)
      databases.delete(name)
      database?.end()
    },
  }
}

export function createMemoryCache(): Cache {
  return new MemoryDatabase().open(() => undefined)
}

type Stores = { readonly [Store in StoreName]: SortedRows<Row<Store>> }

class MemoryDatabase {
  readonly #stores: Stores = {
    meta: new SortedRows(),
    conversations: new SortedRows(),
    messages: new SortedRows(),
    positions: new SortedRows(),
    people: new SortedRows(),
    bell: new SortedRows(),
    pins: new SortedRows(),
    saves: new SortedRows(),
    outbox: new SortedRows(),
    wishes: new SortedRows(),
    counters: new SortedRows(),
    settled: new SortedRows(),
    takenBack: new SortedRows(),
    mailHeaders: new SortedRows(),
    mailBodies: new SortedRows(),
    mailMeta: new SortedRows(),
    mailWishes: new SortedRows(),
    drafts: new SortedRows(),
  }
  readonly #handles = new Map<object, () => void>()
  #last: Promise<unknown> = Promise.resolve()

  open(gone: () => void): Cache {
    const handle = {}
    this.#handles.set(handle, gone)
    const queue = <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (!this.#handles.has(handle)) return Promise.reject(new CacheGoneError('The cache is closed.'))
      const turn = this.#last.then(work)
      this.#last = turn.catch(() => undefined)
      return turn
    }
    return {
      read: (_stores, work) => queue(() => work(reader(this.#stores))),
      write: (_stores, work) => queue(() => this.#write(work)),
      close: async () => {
        this.#handles.delete(handle)
        await this.#last
      },
    }
  }

  /** Deleted: whoever still has it open is told. */
  end(): void {
    const handles = [...this.#handles.values()]
    this.#handles.clear()
    for (const gone of handles) gone()
  }

  async #write<Result>(work: (transaction: CacheWriter) => Promise<Result>): Promise<Result> {
    const undo: (() => void)[] = []
    try {
      return await work(writer(this.#stores, undo))
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    }
  }
}

function reader(stores: Stores): CacheReader {
  return {
    get: async <Store extends StoreName>(store: Store, key: RowKey<Store>) => rows(stores, store).get(toParts(key)),
    list: async <Store extends StoreName>(store: Store, options: ListOptions<Store> = {}) => {
      const found = rows(stores, store).range(partsOfRange(options.range), options.order ?? 'ascending', options.limit)
      return found.map(([, row]) => row)
    },
    count: async <Store extends StoreName>(store: Store, range?: KeyRange<Store>) =>
      rows(stores, store).range(partsOfRange(range), 'ascending').length,
  }
}

function writer(stores: Stores, undo: (() => void)[]): CacheWriter {
  function set<Store extends StoreName>(store: Store, key: Parts, row: Row<Store> | undefined): void {
    const target = rows(stores, store)
    const before = target.get(key)
    undo.push(() => target.set(key, before))
    target.set(key, row)
  }
  return {
    ...reader(stores),
    put: async (store, key, row) => set(store, toParts(key), row),
    delete: async (store, which) => {
      if (typeof which === 'object' && 'from' in which) {
        for (const [key] of rows(stores, store).range(partsOfRange(which), 'ascending')) set(store, key, undefined)
      } else {
        set(store, toParts(which), undefined)
      }
    },
    clear: async store => {
      for (const [key] of rows(stores, store).range(undefined, 'ascending')) set(store, key, undefined)
    },
  }
}

function rows<Store extends StoreName>(stores: Stores, store: Store): SortedRows<Row<Store>> {
  return stores[store]
}

type Parts = readonly [number, number]

/** Every key is one number, two, or a word. */
function toParts(key: RowKey<StoreName>): Parts {
  if (typeof key === 'number') return [0, key]
  if (typeof key === 'string') return [0, words.indexOf(key)]
  return key
}

const words: readonly RowKey<'meta' | 'saves' | 'counters' | 'mailMeta'>[] = [
  'meta',
  'saves',
  'outbox',
  'taken',
  'mail',
]

function partsOfRange(range: KeyRange<StoreName> | undefined): { from: Parts; to: Parts } | undefined {
  return range && { from: toParts(range.from), to: toParts(range.to) }
}
