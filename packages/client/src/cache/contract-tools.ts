/** What the cases of the cache contract are made of. */
import type {
  AccountId,
  Conversation,
  ConversationId,
  Message,
  MessageId,
  Person,
  SessionId,
  StreamEvent,
} from '@recado/protocol'
import type { CacheFactory } from '../ports.ts'
import type { Cache } from './cache.ts'
import type { Change, FollowedConversation } from './changes.ts'
import { writeChanges } from './persist.ts'
import { restore } from './restore.ts'
import type { CachedMeta } from './rows.ts'

export interface ContractCase {
  readonly name: string
  run(caches: CacheFactory): Promise<void>
}

export const me = 1 as AccountId
export const conversationId = 100 as ConversationId
export const sessionId = 7 as SessionId

let databases = 0

export function withCache(name: string, work: (cache: Cache) => Promise<void>): ContractCase {
  return {
    name,
    run: async caches => {
      const database = `contract-${++databases}`
      const cache = await caches.open(database, () => undefined)
      try {
        await work(cache)
      } finally {
        await cache.close()
        await caches.delete(database)
      }
    },
  }
}

export async function begin(cache: Cache, at = 1): Promise<void> {
  await writeChanges(cache, [{ kind: 'wipe', meta: meta() }, reset(at)])
}

export function reset(at: number, asOf = meta().cursor.sequence): Change {
  return { kind: 'reset', conversationId, next: followedAt(at), asOf }
}

export async function stored(cache: Cache) {
  const [row] = (await restore(cache)).conversations
  const messages = await cache.read(['messages'], t => t.list('messages'))
  if (row && row.messages !== messages.length) throw new Error(`counts ${row.messages} messages of ${messages.length}`)
  return { cursor: row?.cursor.sequence, from: row?.from, messages: messages.map(({ sequence }) => sequence) }
}

export function follow(base: number, events: StreamEvent[], sent: number[] = []): Change {
  const at = events.at(-1)?.sequence ?? base
  return { kind: 'follow', conversationId, base, next: followedAt(at), events, sent }
}

export function page(
  sequences: number[],
  place: { from: number; through: number; asOf: number; end?: 'oldest' | 'more' },
): Change {
  return { kind: 'page', conversationId, messages: sequences.map(message), end: 'more', ...place }
}

/** Its first transactions can only remove. */
export function withoutPut(cache: Cache, transactions = Number.POSITIVE_INFINITY): Cache {
  const put = () => Promise.reject(new Error('There is no room.'))
  let begun = 0
  return {
    ...cache,
    write: (stores, work, durability) => {
      const full = begun++ < transactions
      return cache.write(stores, rows => work(full ? { ...rows, put } : rows), durability)
    },
  }
}

export async function putMessages(cache: Cache, sequences: number[]): Promise<void> {
  await cache.write(['messages'], async transaction => {
    for (const at of sequences) await transaction.put('messages', [conversationId, at], message(at))
  })
}

export function created(sequence: number): StreamEvent {
  return { sequence, micros: sequence, kind: 'message.created', actorId: me, data: { message: message(sequence) } }
}

export function message(sequence: number): Message {
  return {
    conversationId,
    sequence,
    ordinal: sequence,
    id: sequence as MessageId,
    authorId: me,
    clientMessageId: `key-${sequence}`,
    body: `body ${sequence}`,
    replyTo: null,
    mentions: [],
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    forwardedFrom: null,
    reactions: [],
  }
}

export function followedAt(sequence: number): FollowedConversation {
  const conversation: Conversation = {
    id: conversationId,
    kind: 'group',
    name: 'Group',
    description: null,
    mailFrom: 'members',
    version: 1,
    peer: null,
    memberCount: 2,
    createdAt: '2026-01-01T00:00:00.000Z',
    head: { sequence, micros: sequence, ordinal: sequence, registers: 0 },
    lastMessage: null,
    me: {
      role: 'member',
      joinedAt: '2026-01-01T00:00:00.000Z',
      visibleFrom: 1,
      delivered: 0,
      read: 0,
      readOrdinal: 0,
      settings: { version: 0, pinned: null, muted: null, archived: null, markedUnread: null },
    },
  }
  const cursor = { epoch: 'epoch-1', sequence, micros: sequence }
  return { conversation, cursor, positionsVersion: null, counted: 0, reported: { delivered: 0, read: 0 } }
}

export function meta(): CachedMeta {
  const account = {
    id: me,
    username: 'ana',
    displayName: 'Ana',
    email: null,
    phone: null,
    role: 'member',
    language: null,
    readReceipts: true,
    signature: null,
    createdAt: '2026-01-01T00:00:00.000Z',
  } as const
  const cursor = { epoch: 'epoch-1', sequence: 1, micros: 1 }
  return { account, epoch: 'epoch-1', mark: null, cursor, bellVersion: 0 }
}

export function entry(id: string) {
  return {
    id,
    conversationId,
    clientMessageId: id,
    body: id,
    replyTo: null,
    mentions: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    tried: false,
    refused: null,
  }
}

export function person(id: number): Person {
  return { id: id as AccountId, username: `person${id}`, displayName: `Person ${id}`, lastSeenAt: null }
}

export function same(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`expected ${b}, got ${a}`)
}

export async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('expected a rejection')
}
