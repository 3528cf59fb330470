/**
 * The durable side of the outbox. Each of these is one strict transaction: the composer clears once `append` resolves. Once
 * the sign-in is over, whoever comes meets `CacheGoneError`, so that nothing is taken over twice, nor by nobody.
 */
import type { Problem, SessionId } from '@recado/protocol'
import { type Cache, CacheGoneError, type CacheReader, type CacheWriter } from './cache.ts'
import type { CachedDraft, OutboxEntry, QueuedFile, Settlement, UnplacedEntry } from './rows.ts'

export async function appendEntry(cache: Cache, entry: UnplacedEntry): Promise<OutboxEntry> {
  return cache.write(
    ['outbox', 'counters', 'settled'],
    async transaction => {
      await requireOpen(transaction)
      return putLast(transaction, entry)
    },
    'strict',
  )
}

export async function requireOpen(transaction: CacheReader): Promise<void> {
  if ((await transaction.count('settled')) > 0) throw new CacheGoneError('This sign-in is over.')
}

/** Ends the outbox of a sign-in: returns what is in it, for nothing joins or leaves it afterwards. */
export async function closeOutbox(cache: Cache, sessionId: SessionId, how: Settlement): Promise<ClosedOutbox> {
  return cache.write(
    ['meta', 'outbox', 'counters', 'settled', 'drafts'],
    async transaction => {
      const before = await transaction.get('settled', sessionId)
      const settled = before?.how === 'discarded' ? before : { sessionId, how }
      await transaction.put('settled', sessionId, settled)
      const taken = (await transaction.get('counters', 'taken')) ?? 0
      const places = (await transaction.get('counters', 'outbox')) ?? 0
      const drafts = await transaction.list('drafts')
      const isNew = (await transaction.count('meta')) === 0 && drafts.length === 0
      return { entries: await transaction.list('outbox'), drafts, isNew, places, taken, how: settled.how }
    },
    'strict',
  )
}

export interface ClosedOutbox {
  readonly entries: readonly OutboxEntry[]
  readonly drafts: readonly CachedDraft[]
  /** Nothing of it was ever stored: perhaps it was taken away meanwhile, and this is another of its name. */
  readonly isNew: boolean
  /** How many it ever held: none if the cache was taken away meanwhile, and this is another of its name. */
  readonly places: number
  readonly taken: number
  /** What somebody has thrown away is not kept after all. */
  readonly how: Settlement
}

/** How the sign-in of this cache ended, if it did. */
export async function findSettlement(cache: Cache, sessionId: SessionId): Promise<Settlement | null> {
  const row = await cache.read(['settled'], transaction => transaction.get('settled', sessionId))
  return row?.how ?? null
}

/** Takes over what earlier sign-ins left, up to the place `last`, unless this one has it already. */
export async function takeOverEntries(cache: Cache, entries: readonly OutboxEntry[], last: number): Promise<void> {
  await cache.write(
    ['outbox', 'counters', 'settled'],
    async transaction => {
      await requireOpen(transaction)
      const taken = (await transaction.get('counters', 'taken')) ?? 0
      await putMissing(
        transaction,
        entries.filter(entry => entry.order > taken),
      )
      await transaction.put('counters', 'taken', Math.max(taken, last))
    },
    'strict',
  )
}

/** Adds those whose key is not there yet, in their order, behind what is there. */
export async function putMissing(transaction: CacheWriter, entries: readonly OutboxEntry[]): Promise<void> {
  const known = new Set((await transaction.list('outbox')).map(entry => entry.clientMessageId))
  for (const entry of entries.toSorted((a, b) => a.order - b.order)) {
    if (known.has(entry.clientMessageId)) continue
    known.add(entry.clientMessageId)
    await putLast(transaction, entry)
  }
}

async function putLast(transaction: CacheWriter, entry: UnplacedEntry): Promise<OutboxEntry> {
  const given = (await transaction.get('counters', 'outbox')) ?? 0
  const [last] = await transaction.list('outbox', { order: 'descending', limit: 1 })
  const row = { ...entry, order: Math.max(given, last?.order ?? 0) + 1 }
  await transaction.put('counters', 'outbox', row.order)
  await transaction.put('outbox', row.order, row)
  return row
}

/** Removes it unless another tab did, or it may have been sent; returns whether it was removed here. */
export async function removeEntry(cache: Cache, order: number): Promise<boolean> {
  return cache.write(
    ['outbox', 'settled'],
    async transaction => {
      await requireOpen(transaction)
      const row = await transaction.get('outbox', order)
      if (!row || (row.tried && !row.refused)) return false
      await transaction.delete('outbox', order)
      return true
    },
    'strict',
  )
}

/** Gives a refused entry a new key and the last place; null if it is not there or not refused. */
export async function renewEntry(cache: Cache, order: number, clientMessageId: string): Promise<OutboxEntry | null> {
  return cache.write(
    ['outbox', 'counters', 'settled'],
    async transaction => {
      await requireOpen(transaction)
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
  return cache.write(['outbox', 'settled'], async transaction => {
    await requireOpen(transaction)
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

/** Where the row is still there, it has these files from now on. */
export async function keepFiles(cache: Cache, order: number, files: readonly QueuedFile[]): Promise<void> {
  await cache.write(['outbox'], async transaction => {
    const row = await transaction.get('outbox', order)
    if (row && 'files' in row) await transaction.put('outbox', order, { ...row, files })
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
