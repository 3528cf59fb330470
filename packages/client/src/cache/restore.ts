/** What an engine reads back from its cache: everything but messages at the start, then pages of messages. */
import type { BellItem, ConversationId, MemberPosition, Message, Person } from '@recado/protocol'
import type { KeptMessages } from '../types.ts'
import type { Cache, CacheReader, CacheWriter } from './cache.ts'
import { messagesOf, positionsOf } from './persist.ts'
import type { CachedConversation, CachedMeta, OutboxEntry, SettingsWish } from './rows.ts'

export interface Restored {
  readonly meta: CachedMeta | undefined
  readonly conversations: readonly CachedConversation[]
  readonly people: readonly Person[]
  readonly bell: readonly BellItem[]
  readonly outbox: readonly OutboxEntry[]
  readonly wishes: readonly SettingsWish[]
  /** Whether there is anything of mail. */
  readonly mail: 'some' | 'none'
}

export function restore(cache: Cache): Promise<Restored> {
  return cache.read(
    ['meta', 'conversations', 'people', 'bell', 'outbox', 'wishes', 'mailMeta', 'drafts'],
    async transaction => ({
      meta: await transaction.get('meta', 'meta'),
      conversations: await transaction.list('conversations'),
      people: await transaction.list('people'),
      bell: await transaction.list('bell'),
      outbox: await transaction.list('outbox'),
      wishes: await transaction.list('wishes'),
      mail: (await transaction.count('mailMeta')) + (await transaction.count('drafts')) > 0 ? 'some' : 'none',
    }),
  )
}

export function readPositions(cache: Cache, id: ConversationId): Promise<MemberPosition[]> {
  return cache.read(['positions'], transaction => transaction.list('positions', { range: positionsOf(id) }))
}

/** Where a page begins: at the newest end, or beside a sequence (exclusive, but for `around`). */
export type PagePlace =
  | { readonly at: 'newest' }
  | { readonly at: 'before' | 'after' | 'around'; readonly sequence: number }
  /** Around the first message that is not older than this (ISO 8601). */
  | { readonly at: 'time'; readonly time: string }

export interface CachedPage {
  readonly messages: Message[]
  /** The event up to which these messages are current. */
  readonly asOf: number
  readonly hasOlder: boolean
  readonly hasNewer: boolean
}

/** A page of what is stored without holes; null if nothing is stored there. `hasOlder` also means: on the server. */
export function readPage(
  cache: Cache,
  id: ConversationId,
  place: PagePlace,
  limit: number,
): Promise<CachedPage | null> {
  return cache.read(['conversations', 'messages'], async transaction => {
    const stored = await transaction.get('conversations', id)
    if (!stored || ('sequence' in place && place.sequence < stored.from)) return null
    const source: Source = { transaction, stored }
    switch (place.at) {
      case 'newest':
        return pageBefore(source, stored.cursor.sequence + 1, limit)
      case 'before':
        return pageBefore(source, place.sequence, limit)
      case 'after':
        return pageAfter(source, place.sequence, limit)
      case 'time': {
        const sequence = await findSequenceAt(source, place.time)
        return sequence === null ? null : pageAround(source, sequence, limit)
      }
      case 'around': {
        const page = await pageAround(source, place.sequence, limit)
        return page.messages.some(({ sequence }) => sequence === place.sequence) ? page : null
      }
    }
  })
}

interface Source {
  readonly transaction: CacheReader
  readonly stored: CachedConversation
}

async function pageAround(source: Source, sequence: number, limit: number): Promise<CachedPage> {
  const older = await pageBefore(source, sequence, Math.ceil(limit / 2))
  const newer = await pageAfter(source, sequence - 1, Math.floor(limit / 2))
  return { ...newer, messages: [...older.messages, ...newer.messages], hasOlder: older.hasOlder }
}

/**
 * Below it every message is older than `time`, from it on none is; null if that may lie before what is stored. Messages are
 * in order of time, so halving the sequences finds it.
 */
async function findSequenceAt({ transaction, stored }: Source, time: string): Promise<number | null> {
  const { id } = stored.conversation
  let low = stored.from
  let high = stored.cursor.sequence + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const range = { from: [id, middle], to: [id, high - 1] } as const
    const [probe] = await transaction.list('messages', { range, limit: 1 })
    if (probe && probe.createdAt < time) low = probe.sequence + 1
    else high = middle
  }
  return low > stored.from || stored.complete ? low : null
}

/**
 * Most events are messages, so twice as many sequences nearly always hold a page: it is there after one request. What is
 * missing then is sought from their beginning on.
 */
async function pageBefore({ transaction, stored }: Source, before: number, limit: number): Promise<CachedPage> {
  const id = stored.conversation.id
  const wanted = limit + 1
  const start = Math.max(stored.from, before - 2 * wanted)
  const near = await transaction.list('messages', { range: { from: [id, start], to: [id, before - 1] } })
  const missing = wanted - near.length
  const range = { from: [id, stored.from], to: [id, start - 1] } as const
  const far =
    missing > 0 && start > stored.from
      ? await transaction.list('messages', { range, limit: missing, order: 'descending' })
      : []
  const found = [...far.reverse(), ...near]
  const hasOlder = found.length > limit || !stored.complete
  return {
    messages: found.slice(-limit),
    asOf: stored.cursor.sequence,
    hasOlder,
    hasNewer: before <= stored.cursor.sequence,
  }
}

async function pageAfter({ transaction, stored }: Source, after: number, limit: number): Promise<CachedPage> {
  const range = { ...messagesOf(stored.conversation.id), from: [stored.conversation.id, after + 1] } as const
  const found = await transaction.list('messages', { range, limit: limit + 1 })
  const hasOlder = after >= stored.from || !stored.complete
  return { messages: found.slice(0, limit), asOf: stored.cursor.sequence, hasOlder, hasNewer: found.length > limit }
}

export function countKept(cache: Cache): Promise<KeptMessages> {
  return cache.read(['conversations'], async transaction => {
    const kept = (await transaction.list('conversations')).filter(row => row.messages > 0)
    return { messages: kept.reduce((sum, row) => sum + row.messages, 0), conversations: kept.length }
  })
}

/** Drops every stored message, also where it stands among pins and saved ones; returns how many went. */
export function forgetMessages(cache: Cache): Promise<number> {
  return cache.write(['conversations', 'messages', 'pins', 'saves', 'mailBodies'], async transaction => {
    const rows = await transaction.list('conversations')
    for (const store of ['messages', 'pins', 'saves', 'mailBodies'] as const) await transaction.clear(store)
    for (const row of rows) {
      const nothing = { from: row.cursor.sequence + 1, complete: false, messages: 0 }
      await transaction.put('conversations', row.conversation.id, { ...row, ...nothing })
    }
    return rows.reduce((sum, row) => sum + row.messages, 0)
  })
}

const evictAtOnce = 1_000

/** Drops the oldest stored messages of the largest conversations until at most `keep` are left; returns how many went. */
export function evict(cache: Cache, keep: number): Promise<number> {
  return cache.write(['conversations', 'messages'], async transaction => {
    const { rows, evicted } = await deleteOldest(transaction, keep)
    for (const row of rows) await transaction.put('conversations', row.conversation.id, row)
    return evicted
  })
}

/**
 * The same where there is no room to write anything: a transaction that only removes does pass. It removes what tells of the
 * messages too, so that a program that dies before that is written back fetches its list anew instead of missing some.
 */
export async function makeRoom(cache: Cache, keep: number): Promise<number> {
  const removed = await cache.write(['meta', 'conversations', 'messages', 'mailBodies'], async transaction => {
    await transaction.clear('mailBodies')
    const oldest = await deleteOldest(transaction, keep)
    const meta = await transaction.get('meta', 'meta')
    if (oldest.evicted === 0) return { ...oldest, meta: undefined }
    for (const row of oldest.rows) await transaction.delete('conversations', row.conversation.id)
    await transaction.delete('meta', 'meta')
    return { ...oldest, meta }
  })
  if (removed.evicted === 0) return 0
  await cache.write(['meta', 'conversations'], async transaction => {
    if (removed.meta && !(await transaction.get('meta', 'meta'))) await transaction.put('meta', 'meta', removed.meta)
    for (const row of removed.rows) {
      const { id } = row.conversation
      if (!(await transaction.get('conversations', id))) await transaction.put('conversations', id, row)
    }
  })
  return removed.evicted
}

interface Evicted {
  /** Of the conversations that have lost messages, as they are now. */
  readonly rows: readonly CachedConversation[]
  readonly evicted: number
}

async function deleteOldest(transaction: CacheWriter, keep: number): Promise<Evicted> {
  const rows = new Map((await transaction.list('conversations')).map(row => [row.conversation.id, row]))
  const touched = new Set<ConversationId>()
  let excess = [...rows.values()].reduce((sum, row) => sum + row.messages, 0) - keep
  let evicted = 0
  while (excess > 0) {
    const largest = [...rows.values()].reduce((a, b) => (b.messages > a.messages ? b : a))
    const id = largest.conversation.id
    const limit = Math.min(evictAtOnce, Math.max(excess, 1))
    const oldest = await transaction.list('messages', { range: messagesOf(id), limit })
    const last = oldest.at(-1)
    if (!last) break
    await transaction.delete('messages', { from: [id, 0], to: [id, last.sequence] })
    rows.set(id, {
      ...largest,
      from: last.sequence + 1,
      complete: false,
      messages: largest.messages - oldest.length,
    })
    touched.add(id)
    excess -= oldest.length
    evicted += oldest.length
  }
  return { rows: [...rows.values()].filter(row => touched.has(row.conversation.id)), evicted }
}
