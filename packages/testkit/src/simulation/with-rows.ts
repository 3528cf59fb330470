/** Storage of devices that a test changes, to see what comes of it found. */
import type { CacheFactory } from '@recado/client'
import type { Planted } from './world.ts'

type Cache = Awaited<ReturnType<CacheFactory['open']>>
export type Write = Cache['write']
export type Stores = Parameters<Write>[0]
type Rows = Parameters<Parameters<Write>[1]>[0]

/** Storage whose transactions on these stores go through `change`. */
export function withRows(
  isChanged: (database: string, stores: Stores) => boolean,
  change: (rows: Rows) => Partial<Rows>,
): Pick<Planted, 'caches'> {
  return {
    caches: caches => ({
      ...caches,
      open: async (database, gone) => {
        const cache = await caches.open(database, gone)
        const write: Write = (stores, work, durability) =>
          cache.write(
            stores,
            rows => work(isChanged(database, stores) ? { ...rows, ...change(rows) } : rows),
            durability,
          )
        return { ...cache, write }
      },
    }),
  }
}

/** Whatever is put into this store is not there. */
export function withoutRowsOf(left: Stores[number]): Pick<Planted, 'caches'> {
  return withRows(
    () => true,
    rows => ({ put: async (store, key, row) => (store === left ? undefined : rows.put(store, key, row)) }),
  )
}
