/** Runs the cache contract inside a page; the test that opened the page reads the outcome. */

import { deleteDB, openDB } from 'idb'
import { cacheContract } from '../cache/cache.contract.ts'
import { createIndexedDbCaches } from './indexeddb-cache.ts'

declare global {
  interface Window {
    runContract: () => Promise<Record<string, string | null>>
    /** Opens a cache of the last version; resolves to how many of its messages and unsent entries are there afterwards. */
    migrate: () => Promise<number[]>
  }
}

/** By the name of each case: null, or why it failed. */
window.runContract = async () => {
  const outcomes: Record<string, string | null> = {}
  for (const { name, run } of cacheContract) {
    outcomes[name] = await run(createIndexedDbCaches()).then(
      () => null,
      (error: unknown) => String(error instanceof Error ? error.stack : error),
    )
  }
  return outcomes
}

window.migrate = async () => {
  const old = await openDB('old', 5, {
    upgrade: created => {
      for (const store of ['messages', 'outbox']) created.createObjectStore(store)
    },
  })
  await old.put('messages', { body: 'kept' }, [1, 1])
  await old.put('outbox', { body: 'unsent' }, 1)
  old.close()
  const cache = await createIndexedDbCaches().open('old', () => undefined)
  const counts = await cache.read(['messages', 'outbox', 'drafts'], rows =>
    Promise.all([rows.count('messages'), rows.count('outbox'), rows.count('drafts')]),
  )
  await cache.close()
  await deleteDB('old')
  return counts
}
