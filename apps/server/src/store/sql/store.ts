import type { Pool } from 'pg'
import type { Logger } from '../../logger.ts'
import type { DatabaseAddress } from '../pool.ts'
import type { Store } from '../store.ts'
import { createAccountStore } from './accounts.ts'
import { attach } from './attach.ts'
import { createBellStore } from './bell.ts'
import { findConversationView, findMembership, listConversations, listMembers } from './conversations.ts'
import { createDraftStore } from './drafts.ts'
import { readEvents, readEventsAsReader } from './events.ts'
import { pruneJournal, readJournal, readVector } from './journal.ts'
import { createMailStore } from './mails.ts'
import { createMarkStore } from './marks.ts'
import { createMediaStore } from './media.ts'
import { findMessage, findSent, readHistory, readVersions } from './messages.ts'
import { readPositions } from './registers.ts'
import { createSearchStore } from './search.ts'
import { createTailStore } from './tail.ts'
import { openWriter, recoverWriter } from './writer.ts'

export interface SqlStoreOptions {
  readonly address: DatabaseAddress
  /** For reads; the store ends it. */
  readonly pool: Pool
  readonly logger: Logger
}

/** The store over PostgreSQL, whose schema is already that of this build. */
export async function createSqlStore(options: SqlStoreOptions): Promise<Store> {
  const { pool } = options
  return {
    epoch: await readEpoch(pool),
    accounts: createAccountStore(pool),
    bell: createBellStore(pool),
    tail: createTailStore(pool),
    marks: createMarkStore(pool),
    mail: createMailStore(pool),
    drafts: createDraftStore(pool),
    media: createMediaStore(pool),
    search: createSearchStore(pool),
    openWriter: () => openWriter(options),
    recoverWriter: attempt => recoverWriter(options, attempt),
    readJournal: (after, limit) => readJournal(pool, after, limit),
    readVector: () => readVector(pool),
    pruneJournal: beforeMicros => pruneJournal(pool, beforeMicros),
    attach: accounts => attach(pool, accounts),
    readEvents: (stream, after, limit) => readEvents(pool, stream, after, limit),
    readEventsAsReader: request => readEventsAsReader(pool, request),
    findMembership: (conversationId, accountId) => findMembership(pool, conversationId, accountId),
    findConversationView: (conversationId, accountId) => findConversationView(pool, conversationId, accountId),
    listConversations: (accountId, before, limit) => listConversations(pool, accountId, before, limit),
    listMembers: request => listMembers(pool, request),
    readHistory: request => readHistory(pool, request),
    readVersions: (conversationId, sequence) => readVersions(pool, conversationId, sequence),
    findMessage: (conversationId, sequence) => findMessage(pool, conversationId, sequence),
    findSent: (conversationId, actorId, key) => findSent(pool, conversationId, actorId, key),
    readPositions: request => readPositions(pool, request),
    async [Symbol.asyncDispose]() {
      await pool.end()
    },
  }
}

async function readEpoch(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ value: string }>("select value from settings where name = 'epoch'")
  const epoch = rows[0]?.value
  if (epoch === undefined) throw new Error('the database has no epoch')
  return epoch
}
