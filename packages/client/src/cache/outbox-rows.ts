/** The durable side of the outbox. Each of these is one strict transaction: the composer clears once `append` resolves. */
import type { Problem } from '@recado/protocol'
import type { Cache, CacheWriter } from './cache.ts'
import type { OutboxEntry, UnplacedEntry } from './rows.ts'

export async function appendEntry(cache: Cache, entry: UnplacedEntry): Promise<OutboxEntry> {
  return cache.write(['outbox', 'counters'], transaction => putLast(transaction, entry), 'strict')
}

async function putLast(transaction: CacheWriter, entry: UnplacedEntry): Promise<OutboxEntry> {
  const given = (await transaction.get('counters', 'outbox')) ?? 0
  const [last] = await transaction.list('outbox', { order: 'descending', limit: 1 })
  const row = { ...entry, order: Math.max(given, last?.order ?? 0) + 1 }
  await transaction.put('counters', 'outbox', row.order)
  await transaction.put('outbox', row.order, row)
  return row
}

/** Removes it unless another tab did, or (`untried`) it may have been sent; returns whether it was removed here. */
export async function removeEntry(cache: Cache, order: number, only: 'untried' | 'any'): Promise<boolean> {
  return cache.write(
    ['outbox'],
    async transaction => {
      const row = await transaction.get('outbox', order)
      if (!row || (only === 'untried' && row.tried && !row.refused)) return false
      await transaction.delete('outbox', order)
      return true
    },
    'strict',
  )
}

/** Gives a refused entry a new key and the last place; null if it is not there or not refused. */
export async function renewEntry(cache: Cache, order: number, clientMessageId: string): Promise<OutboxEntry | null> {
  return cache.write(
    ['outbox', 'counters'],
    async transaction => {
      const row = await transaction.get('outbox', order)
      if (!row?.refused) return null
      await transaction.delete('outbox', order)
      return putLast(transaction, { ...row, clientMessageId, refused: null, tried: false })
    },
    'strict',
  )
}

/** Notes that these are about to be sent; returns those that are still there. */
export async function tryEntries(cache: Cache, orders: readonly number[]): Promise<number[]> {
  return cache.write(['outbox'], async transaction => {
    const present: number[] = []
    for (const order of orders) {
      const row = await transaction.get('outbox', order)
      if (!row) continue
      present.push(order)
      if (!row.tried) await transaction.put('outbox', order, { ...row, tried: true })
    }
    return present
  })
}

export async function refuseEntries(cache: Cache, orders: readonly number[], problem: Problem): Promise<void> {
  await cache.write(['outbox'], async transaction => {
    for (const order of orders) {
      const row = await transaction.get('outbox', order)
      if (row) await transaction.put('outbox', order, { ...row, refused: problem })
    }
  })
}
