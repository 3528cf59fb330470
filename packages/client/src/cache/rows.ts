/** The rows of the cache. */
import type {
  Account,
  AccountId,
  Conversation,
  ConversationId,
  Cursor,
  MailId,
  MediaId,
  OperationInput,
  OwnSettings,
  PinnedMessage,
  Problem,
  SavedMessage,
  SessionId,
  UnreadMails,
} from '@recado/protocol'
import type { DraftContent, MailChange, UploadedAttachment } from '../mail/mail-api.ts'
import type { MessageChange } from '../types.ts'

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

export interface CachedPins {
  readonly items: readonly PinnedMessage[]
}

export interface CachedSaves {
  readonly items: readonly SavedMessage[]
}

/**
 * How a sign-in ended on this device: what it left unsent waits for the same person's next one, or was given up by them.
 */
export type Settlement = 'kept' | 'discarded'

export interface SettledSession {
  readonly sessionId: SessionId
  readonly how: Settlement
}

/**
 * What somebody set for a conversation on this device and the server has not confirmed. `key` makes a retry harmless (L3).
 */
export interface SettingsWish {
  readonly conversationId: ConversationId
  readonly key: string
  readonly changes: Partial<Omit<OwnSettings, 'version'>>
}

/** What this device knows of one's mailbox. */
export interface MailMeta {
  /** Of which history, and from which event of the account's own stream on: earlier knowledge was dropped. */
  readonly epoch: string
  readonly since: number
  /** By view: everything in it that is not older than `at` (null: everything at all) is kept. */
  readonly extents: Readonly<Record<string, MailExtent>>
  /** Whether what had arrived before `since` is kept: only then may be said what arrived here. */
  readonly walked: 'yes' | 'no'
  /** Up to which event the server knows that mails are kept here. */
  readonly confirmed: number
  readonly unread: UnreadMails | null
}

export interface MailExtent {
  readonly at: string | null
}

/** What somebody set for mails and the server has not confirmed. `key` makes a retry harmless (L3). */
export interface MailboxWish {
  readonly order: number
  readonly key: string
  readonly mailIds: readonly MailId[]
  readonly change: MailChange
}

/**
 * A draft. `base` is what the server had when this was begun, with its version there: 0 if it had none. `state`: whether
 * the server has `content`. `asked`: what of it the server was asked to save since, oldest first, as JSON; the answer is not known.
 */
export interface CachedDraft {
  readonly order: number
  readonly id: string
  readonly content: DraftContent
  readonly base: { readonly version: number; readonly content: DraftContent | null }
  readonly state: 'kept' | 'saved' | 'discarded'
  /** Rows written before there was such a thing have none. */
  readonly asked?: readonly string[]
  /** What became of its files on their way to the server, by their ids. */
  readonly uploads?: Readonly<Record<string, KeptUpload>>
  readonly updatedAt: string
}

/** An upload that was begun, or was refused. */
export interface KeptUpload {
  readonly mediaId: MediaId | null
  readonly problem: Problem | null
}

/** An entry that somebody took back. */
export interface TakenBack {
  readonly clientMessageId: string
  readonly order: number
}

/**
 * What is on its way to the server. `clientMessageId` is its key there and changes only when a refused one is tried
 * again; `order` is its place in the queue and its key here.
 */
interface Queued {
  readonly id: string
  readonly order: number
  /** Where it belongs: its order counts among what goes there. */
  readonly conversationId: ConversationId
  readonly clientMessageId: string
  readonly createdAt: string
  /** Whether it may have been handed to the network: then it can no longer be taken back. */
  readonly tried: boolean
  readonly refused: Problem | null
}

export interface QueuedMessage extends Queued {
  /** Rows written before there was anything else have none. */
  readonly kind?: 'send'
  readonly body: string
  readonly replyTo: number | null
  readonly mentions: readonly AccountId[]
  readonly files?: readonly QueuedFile[]
}

/** A file that waits beside its message; `mediaId` is its upload, once there was one. */
export interface QueuedFile {
  readonly name: string
  readonly blob: Blob
  readonly mediaId: MediaId | null
  /** What it was called in its draft. */
  readonly id?: string
}

/** A message to be copied by the server; what it says and who wrote it is kept to show it meanwhile. */
export interface QueuedForward extends Queued {
  readonly kind: 'forward'
  readonly from: { readonly conversationId: ConversationId; readonly sequence: number }
  readonly body: string
  readonly forwardedFrom: AccountId
}

/** Something done to a message that is there. */
export interface QueuedChange extends Queued {
  readonly kind: 'change'
  readonly change: MessageChange
}

/** A mail, as the server is asked to send it. */
export interface QueuedMail extends Queued {
  readonly kind: 'mail'
  readonly mail: Omit<OperationInput<'mail.send'>, 'clientMessageId'>
  /** The draft that it was. */
  readonly draftId: string | null
  /** Those that the server has already. */
  readonly attached: readonly UploadedAttachment[]
  readonly files?: readonly QueuedFile[]
}

/** Mails wait in one queue of their own, as if they went to a conversation of this id, which there is not. */
export const mailLane = 0 as ConversationId

export type OutboxEntry = QueuedMessage | QueuedForward | QueuedChange | QueuedMail

type Without<Entry, Fields extends string> = Entry extends unknown ? Omit<Entry, Fields> : never
/** An entry that has no place yet. */
export type UnplacedEntry = Without<OutboxEntry, 'order'>
/** An entry as it is added. */
export type NewEntry = Without<OutboxEntry, 'order' | 'tried' | 'refused'>
type Content<Entry> = Entry extends unknown ? Omit<Entry, keyof Queued> : never
/** What an entry is about, without its place and state. */
export type QueuedContent = Content<OutboxEntry>
