/** Text that was not sent when the server ended a session waits here for the same person's next sign-in on this device. */
import type { AccountId } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import type { OutboxEntry } from '../cache/rows.ts'
import type { CacheFactory } from '../ports.ts'

const unsentOf = (accountId: AccountId) => `recado-${accountId}-unsent`

export async function keepUnsent(
  caches: CacheFactory,
  accountId: AccountId,
  entries: readonly OutboxEntry[],
): Promise<void> {
  await withDatabase(caches, accountId, unsent => putEntries(unsent, entries))
}

/** Their keys stay valid: a key counts per account, so what was sent after all is not sent twice (L3). */
export async function takeUnsent(caches: CacheFactory, accountId: AccountId, into: Cache): Promise<void> {
  const entries = await withDatabase(caches, accountId, unsent =>
    unsent.read(['outbox'], transaction => transaction.list('outbox')),
  )
  if (entries && entries.length > 0) await putEntries(into, entries)
  await caches.delete(unsentOf(accountId)).catch(() => undefined)
}

async function putEntries(cache: Cache, entries: readonly OutboxEntry[]): Promise<void> {
  await cache.write(
    ['outbox'],
    async transaction => {
      for (const entry of entries) await transaction.put('outbox', entry.order, entry)
    },
    'strict',
  )
}

/** Undefined where storage is forbidden: then there is nothing to be kept or found. */
async function withDatabase<Result>(
  caches: CacheFactory,
  accountId: AccountId,
  work: (cache: Cache) => Promise<Result>,
): Promise<Result | undefined> {
  let cache: Cache
  try {
    cache = await caches.open(unsentOf(accountId), () => undefined)
  } catch {
    return undefined
  }
  try {
    return await work(cache)
  } finally {
    await cache.close()
  }
}
