/**
 * The whole store port over plain maps: what the simulation runs the server on. Held to the same behaviour as the SQL
 * by the store's contract suite; where both could be asked, the simpler of two ways was taken here.
 */
import type { AccountId } from '@recado/protocol'
import type { Attempt, Store } from '@recado/server/store/store.ts'
import { type Call, createAccountStore } from './accounts.ts'
import { createBellStore } from './bell.ts'
import {
  attach,
  listConversations,
  listMembers,
  presentMembership,
  readPositions,
  viewConversation,
} from './conversations.ts'
import type { ModelDatabase } from './database.ts'
import { createDraftStore } from './drafts.ts'
import { pruneJournal, readJournal, readVector } from './journal.ts'
import { calmLink, connectionBroken, type Link } from './link.ts'
import { createMailStore } from './mail.ts'
import { createMarkStore } from './marks.ts'
import { createMediaStore } from './media.ts'
import { presentMessage, readEvents, readEventsAsReader, readHistory, readVersions } from './messages.ts'
import { createSearchStore } from './search.ts'
import { findByKey } from './streams.ts'
import { createTailStore } from './tail.ts'
import { ModelWriter } from './writer.ts'

const slots = 64

export interface ModelStore extends Store {
  /** As if the process died: its backends are ended, with what they had not committed. */
  abandon(): void
}

/** One node's way into the database. */
export function createModelStore(database: ModelDatabase, link: Link = calmLink): ModelStore {
  const writers = new Set<ModelWriter>()
  const call: Call = async work => {
    const fate = link.fate('read')
    await link.travel()
    if (fate === 'lost') throw connectionBroken()
    const result = work()
    await link.travel()
    if (fate !== 'answered') throw connectionBroken()
    return result
  }
  const openWriter = async () => {
    const fate = link.fate('connect')
    await link.travel()
    if (fate !== 'answered') throw connectionBroken()
    const slot = Array.from({ length: slots }, (_, index) => index + 1).find(free => !database.slots.has(free))
    if (slot === undefined) throw new Error(`all ${slots} writer slots are taken`)
    const writer = new ModelWriter(database, link, slot)
    writers.add(writer)
    return writer
  }
  return {
    epoch: database.epoch,
    accounts: createAccountStore(database, call),
    bell: createBellStore(database, call),
    tail: createTailStore(database, call),
    marks: createMarkStore(database, call),
    mail: createMailStore(database, call),
    drafts: createDraftStore(database, call),
    media: createMediaStore(database, call),
    search: createSearchStore(database, call),
    openWriter,
    async recoverWriter(attempt: Attempt) {
      await call(() => database.backends.get(attempt.process)?.end())
      const writer = await openWriter()
      const row = database.get('commits', attempt.slot, attempt.number)
      return { writer, committed: row?.incarnation === attempt.incarnation }
    },
    readJournal: (after, limit) => call(() => readJournal(database, after, limit)),
    readVector: () => call(() => readVector(database)),
    pruneJournal: beforeMicros => call(() => pruneJournal(database, beforeMicros)),
    attach: accounts => call(() => attachAll(database, accounts)),
    readEvents: (stream, after, limit) => call(() => readEvents(database, stream, after, limit)),
    readEventsAsReader: request => call(() => readEventsAsReader(database, request)),
    findMembership: (conversationId, accountId) =>
      call(() => {
        const row = database.get('memberships', conversationId, accountId)
        return row === undefined ? null : presentMembership(row)
      }),
    findConversationView: (conversationId, accountId) =>
      call(() => {
        const row = database.get('memberships', conversationId, accountId)
        return row === undefined ? null : viewConversation(database, row)
      }),
    listConversations: (accountId, before, limit) => call(() => listConversations(database, accountId, before, limit)),
    listMembers: request => call(() => listMembers(database, request)),
    readHistory: request => call(() => readHistory(database, request)),
    readVersions: (conversationId, sequence) => call(() => readVersions(database, conversationId, sequence)),
    findMessage: (conversationId, sequence) =>
      call(() => {
        const row = database.get('messages', conversationId, sequence)
        return row === undefined ? null : presentMessage(database, row)
      }),
    findSent: (conversationId, actorId, key) =>
      call(() => {
        const event = findByKey(database, conversationId, actorId, key)
        const message = event && database.get('messages', conversationId, event.sequence)
        if (event === undefined || message === undefined) return null
        const { id, sequence, ordinal } = message
        return { fingerprint: event.fingerprint, micros: event.micros, id, sequence, ordinal }
      }),
    readPositions: request => call(() => readPositions(database, request)),
    abandon() {
      for (const writer of writers) writer.end()
    },
    async [Symbol.asyncDispose]() {
      for (const writer of writers) writer.end()
    },
  }
}

function attachAll(database: ModelDatabase, accounts: readonly AccountId[]) {
  return new Map(
    accounts.flatMap(id => {
      const attachment = attach(database, id)
      return attachment === null ? [] : [[id, attachment] as const]
    }),
  )
}
