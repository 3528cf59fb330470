/**
 * How changes merge into the rows, for every adapter and with several tabs writing: a cursor never moves back within an
 * epoch (L6), a range of messages never has a hole, and what another tab already stored is not stored again, staler.
 */

import type {
  AccountId,
  Conversation,
  ConversationId,
  MemberPosition,
  Message,
  OwnSettings,
  StreamEvent,
} from '@recado/protocol'
import { targetOf } from '@recado/protocol'
import { applyToMessage } from '../engine/messages.ts'
import type { Cache, CacheWriter, KeyRange } from './cache.ts'
import type { Change, ChangeOf } from './changes.ts'
import { newerHeader } from './mail-headers.ts'
import type { CachedConversation, CachedMeta } from './rows.ts'

export interface WriteOutcome {
  /** Conversations whose stored state is not what the change builds on: they have to start over. */
  readonly stale: ConversationId[]
  /** By how much the number of stored messages changed. */
  messages: number
}

const batchStores = [
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
  'mailHeaders',
  'mailBodies',
  'mailMeta',
  'mailWishes',
  'drafts',
  'settled',
] as const

/** What belongs to one history of the log (L6). */
const historyStores = [
  'conversations',
  'messages',
  'positions',
  'bell',
  'pins',
  'saves',
  'mailHeaders',
  'mailBodies',
  'mailMeta',
] as const

export function writeChanges(cache: Cache, changes: readonly Change[]): Promise<WriteOutcome> {
  return cache.write(batchStores, async transaction => {
    const outcome: WriteOutcome = { stale: [], messages: 0 }
    for (const change of changes) await writeChange(transaction, change, outcome)
    return outcome
  })
}

async function writeChange(transaction: CacheWriter, change: Change, outcome: WriteOutcome): Promise<void> {
  switch (change.kind) {
    case 'follow':
      return writeFollow(transaction, change, outcome)
    case 'reset':
      return writeReset(transaction, change, outcome)
    case 'page':
      return writePage(transaction, change, outcome)
    case 'drop':
      return writeDrop(transaction, change.conversationId, outcome)
    case 'positions':
      return writePositions(transaction, change)
    case 'bell':
      return writeBell(transaction, change)
    case 'pins':
      // Of a conversation that is kept here only: one that was left keeps nothing.
      if (!(await transaction.get('conversations', change.conversationId))) return
      return transaction.put('pins', change.conversationId, { items: change.items })
    case 'saves':
      return transaction.put('saves', 'saves', { items: change.items })
    case 'people':
      for (const person of change.items) await transaction.put('people', person.id, person)
      return
    case 'sent':
      for (const order of change.orders) await transaction.delete('outbox', order)
      return
    case 'wish':
      return transaction.put('wishes', change.wish.conversationId, change.wish)
    case 'fulfilled': {
      // Another tab may have wished something else meanwhile.
      const stored = await transaction.get('wishes', change.conversationId)
      if (stored?.key === change.key) await transaction.delete('wishes', change.conversationId)
      return
    }
    case 'meta':
      return writeMeta(transaction, change.meta)
    case 'mails':
      return writeMails(transaction, change)
    case 'run':
      return change.work(transaction)
    case 'wipe':
      return writeWipe(transaction, change.meta)
  }
}

async function writeFollow(transaction: CacheWriter, change: ChangeOf<'follow'>, outcome: WriteOutcome): Promise<void> {
  const { conversationId, base, next, events, sent } = change
  const stored = await transaction.get('conversations', conversationId)
  // Sent is sent, whatever another tab has made of the conversation meanwhile.
  for (const order of sent) await transaction.delete('outbox', order)
  if (!stored || stored.cursor.epoch !== next.cursor.epoch || stored.cursor.sequence < base) {
    outcome.stale.push(conversationId)
    return
  }
  const added = await writeEvents(transaction, stored, events)
  outcome.messages += added
  const ahead = next.cursor.sequence >= stored.cursor.sequence
  await transaction.put('conversations', conversationId, {
    conversation: mergeConversation(stored.conversation, next.conversation, ahead ? 'incoming' : 'stored'),
    cursor: ahead ? next.cursor : stored.cursor,
    from: stored.from,
    complete: stored.complete,
    messages: stored.messages + added,
    counted: Math.max(stored.counted, next.counted),
    positionsVersion: maxOrNull(stored.positionsVersion, next.positionsVersion),
    reported: {
      delivered: Math.max(stored.reported.delivered, next.reported.delivered),
      read: Math.max(stored.reported.read, next.reported.read),
    },
  })
}

/** Applies the events that are new to this cache; returns how many messages they added. */
async function writeEvents(
  transaction: CacheWriter,
  stored: CachedConversation,
  events: readonly StreamEvent[],
): Promise<number> {
  const id = stored.conversation.id
  const fresh = events.filter(event => event.sequence > stored.cursor.sequence)
  const targets = new Set(fresh.map(targetOf).filter(target => target !== null && target >= stored.from))
  const known = new Map<number, Message>()
  const reads = [...targets].map(target => target !== null && transaction.get('messages', [id, target]))
  for (const message of await Promise.all(reads)) if (message) known.set(message.sequence, message)
  const before = known.size
  const changed = new Map<number, Message>()
  for (const event of fresh) {
    const target = targetOf(event)
    if (target === null || !targets.has(target)) continue
    const current = known.get(target)
    const next = applyToMessage(current, event)
    if (!next || next === current) continue
    known.set(target, next)
    changed.set(target, next)
  }
  await Promise.all([...changed].map(([target, message]) => transaction.put('messages', [id, target], message)))
  return known.size - before
}

async function writeReset(transaction: CacheWriter, change: ChangeOf<'reset'>, outcome: WriteOutcome): Promise<void> {
  const { conversationId, next, asOf } = change
  const meta = await transaction.get('meta', 'meta')
  if (meta && meta.epoch !== next.cursor.epoch) return
  const stored = await transaction.get('conversations', conversationId)
  // Another tab is further in the account's own stream: it may have heard that one is no longer in it (L8).
  if (!stored && meta && meta.cursor.sequence > asOf) return
  if (stored && stored.cursor.epoch === next.cursor.epoch && stored.cursor.sequence >= next.cursor.sequence) return
  await transaction.delete('messages', messagesOf(conversationId))
  outcome.messages -= stored?.messages ?? 0
  await transaction.put('conversations', conversationId, {
    ...next,
    from: next.cursor.sequence + 1,
    complete: false,
    messages: 0,
  })
}

async function writePage(transaction: CacheWriter, change: ChangeOf<'page'>, outcome: WriteOutcome): Promise<void> {
  const { conversationId, messages, from, through, asOf, end } = change
  const stored = await transaction.get('conversations', conversationId)
  if (!stored || stored.complete || stored.cursor.sequence > asOf) return
  if (from > stored.from || through + 1 < stored.from) return
  const fresh = messages.filter(message => message.sequence < stored.from)
  await Promise.all(fresh.map(message => transaction.put('messages', [conversationId, message.sequence], message)))
  outcome.messages += fresh.length
  await transaction.put('conversations', conversationId, {
    ...stored,
    from,
    complete: end === 'oldest',
    messages: stored.messages + fresh.length,
  })
}

async function writeDrop(transaction: CacheWriter, id: ConversationId, outcome: WriteOutcome): Promise<void> {
  await transaction.delete('wishes', id)
  const stored = await transaction.get('conversations', id)
  if (!stored) return
  await transaction.delete('messages', messagesOf(id))
  await transaction.delete('positions', positionsOf(id))
  await transaction.delete('pins', id)
  await transaction.delete('conversations', id)
  outcome.messages -= stored.messages
}

async function writePositions(transaction: CacheWriter, change: ChangeOf<'positions'>): Promise<void> {
  for (const item of change.items) {
    const key = [change.conversationId, item.accountId] as const
    const stored = await transaction.get('positions', key)
    await transaction.put('positions', key, stored ? mergePosition(stored, item) : item)
  }
}

/** Another tab may be further, and have cleared what this one still brings. */
async function writeBell(transaction: CacheWriter, { items, base, version }: ChangeOf<'bell'>): Promise<void> {
  const meta = await transaction.get('meta', 'meta')
  if (!meta || meta.bellVersion >= version || meta.bellVersion < base) return
  if (base === 0) await transaction.clear('bell')
  for (const item of items) {
    if (item.cleared) await transaction.delete('bell', item.id)
    else await transaction.put('bell', item.id, item)
  }
  await transaction.put('meta', 'meta', { ...meta, bellVersion: version })
}

async function writeMails(transaction: CacheWriter, { epoch, items, over }: ChangeOf<'mails'>): Promise<void> {
  const meta = await transaction.get('meta', 'meta')
  if (meta && meta.epoch !== epoch) return
  if (over) for (const store of ['mailHeaders', 'mailMeta'] as const) await transaction.clear(store)
  for (const header of items) {
    await transaction.put(
      'mailHeaders',
      header.id,
      newerHeader(await transaction.get('mailHeaders', header.id), header),
    )
  }
}

/** The bell's version moves with its lines alone. */
async function writeMeta(transaction: CacheWriter, meta: CachedMeta): Promise<void> {
  const stored = await transaction.get('meta', 'meta')
  if (stored && stored.epoch !== meta.epoch) return
  const ahead = !stored || meta.cursor.sequence >= stored.cursor.sequence
  await transaction.put('meta', 'meta', {
    ...meta,
    cursor: ahead ? meta.cursor : stored.cursor,
    mark: meta.mark ?? stored?.mark ?? null,
    bellVersion: stored?.bellVersion ?? 0,
  })
}

async function writeWipe(transaction: CacheWriter, meta: CachedMeta): Promise<void> {
  const stored = await transaction.get('meta', 'meta')
  if (stored?.epoch === meta.epoch) return writeMeta(transaction, meta)
  for (const store of historyStores) await transaction.clear(store)
  await transaction.put('meta', 'meta', { ...meta, bellVersion: 0 })
}

/** The greater of both; whether what was read is hidden is as it was said last. */
export function mergePosition(known: MemberPosition, incoming: MemberPosition): MemberPosition {
  const delivered = Math.max(known.delivered, incoming.delivered)
  const read = Math.max(known.read, incoming.read)
  if (delivered === known.delivered && read === known.read && known.readHidden === incoming.readHidden) return known
  return { accountId: known.accountId, delivered, read, ...(incoming.readHidden && { readHidden: true }) }
}

/** Properties from one side, one's own positions as far as either knows: they only ever grow (L11). */
export function mergeConversation(
  stored: Conversation,
  incoming: Conversation,
  prefer: 'stored' | 'incoming',
): Conversation {
  const base = prefer === 'stored' ? stored : incoming
  const [a, b] = [stored.me, incoming.me]
  return {
    ...base,
    me: {
      ...base.me,
      delivered: Math.max(a.delivered, b.delivered),
      read: Math.max(a.read, b.read),
      readOrdinal: Math.max(a.readOrdinal, b.readOrdinal),
      settings: newerSettings(a.settings, b.settings),
    },
  }
}

/** They have a stream of their own, so their version counts and not the conversation's head. */
export function newerSettings(a: OwnSettings, b: OwnSettings): OwnSettings {
  return b.version > a.version ? b : a
}

function maxOrNull(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.max(a, b)
}

export function positionsOf(id: ConversationId): KeyRange<'positions'> {
  return { from: [id, 0 as AccountId], to: [id, Number.MAX_SAFE_INTEGER as AccountId] }
}

export function messagesOf(id: ConversationId): KeyRange<'messages'> {
  return { from: [id, 0], to: [id, Number.MAX_SAFE_INTEGER] }
}
