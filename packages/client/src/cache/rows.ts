/** The rows of the cache. */
import type { Account, AccountId, Conversation, ConversationId, Cursor, OwnSettings, Problem } from '@recado/protocol'

/** `mark`: everything up to there is stored. Null until the first catching up is complete. */
export interface CachedMeta {
  readonly account: Account
  readonly epoch: string
  readonly mark: string | null
  /** In the account's own stream. */
  readonly cursor: Cursor
  readonly bellVersion: number
}

/**
 * A conversation and how much of it is stored: every message from sequence `from` up to `cursor`, without holes.
 * `complete` if there is nothing older than `from` to see.
 */
export interface CachedConversation {
  readonly conversation: Conversation
  readonly cursor: Cursor
  readonly from: number
  readonly complete: boolean
  /** Stored messages. */
  readonly messages: number
  /** The version up to which `positions` holds everybody's; null if they were never loaded. */
  readonly positionsVersion: number | null
  /** The read position that `me.readOrdinal` was counted for; behind `me.read` until the server has counted again. */
  readonly counted: number
  /** What the server is known to know of one's own positions. */
  readonly reported: { readonly delivered: number; readonly read: number }
}

/**
 * What somebody set for a conversation on this device and the server has not confirmed. `key` makes a retry harmless (L3).
 */
export interface SettingsWish {
  readonly conversationId: ConversationId
  readonly key: string
  readonly changes: Partial<Omit<OwnSettings, 'version'>>
}

/**
 * A message on its way. `clientMessageId` is its key at the server and changes only when a refused one is tried again;
 * `order` is its place in the queue and its key here.
 */
export interface OutboxEntry {
  readonly id: string
  readonly order: number
  readonly conversationId: ConversationId
  readonly clientMessageId: string
  readonly body: string
  readonly replyTo: number | null
  readonly mentions: readonly AccountId[]
  readonly createdAt: string
  /** Whether it may have been handed to the network: then it can no longer be taken back. */
  readonly tried: boolean
  readonly refused: Problem | null
}
