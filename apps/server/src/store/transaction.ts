/** A wide transaction of the side lane, as operations write it. */
import type { AccountId, ConversationId, MailFrom, Role, StreamId } from '@recado/protocol'
import type { AccountWrites } from './accounts.ts'
import type { BellWrites } from './bell.ts'
import type { DraftWrites } from './drafts.ts'
import type { MailWrites } from './mail.ts'
import type { MarkWrites } from './marks.ts'
import type { MediaWrites } from './media.ts'
import type { SettingsWrites } from './settings.ts'
import type { ConversationRow, EventKindStored, MembershipRow } from './store.ts'
import type { TailWrites } from './tail.ts'

export interface ConversationChange {
  readonly name?: string
  readonly description?: string | null
  readonly mailFrom?: MailFrom
}

/** What an event of a transaction needs; its sequence is taken when it is appended. */
export interface NewEvent {
  readonly stream: StreamId
  readonly kind: EventKindStored
  readonly actorId: AccountId | null
  readonly target?: number | null
  readonly version?: number | null
  readonly key?: string
  readonly fingerprint?: string
}

export interface KeyedEvent {
  readonly sequence: number
  readonly target: number | null
  readonly fingerprint: string | null
}

/**
 * The statements of a wide transaction on the side lane. Locks come first, conversation streams before account streams,
 * each by id (`lockStreams` sorts); everything read afterwards sees what the locks waited for.
 */
export interface Transaction {
  /** Database time, microseconds since 1970, the same for the whole transaction. */
  readonly micros: number
  lockStreams(conversations: readonly ConversationId[], accounts: readonly AccountId[]): Promise<void>
  findByKey(stream: StreamId, actorId: AccountId, key: string): Promise<KeyedEvent | null>
  /** Appends to streams that are locked or were created here, in order; answers with their sequences. */
  appendEvents(events: readonly NewEvent[]): Promise<readonly number[]>
  insertConversation(row: {
    readonly kind: 'direct' | 'group'
    readonly name: string | null
    readonly description: string | null
    readonly memberCount: number
  }): Promise<ConversationId>
  /** Takes the lock of an unordered pair of accounts, then finds their direct conversation. */
  lockDirect(one: AccountId, other: AccountId): Promise<ConversationId | null>
  insertDirect(one: AccountId, other: AccountId, conversationId: ConversationId): Promise<void>
  findConversation(id: ConversationId): Promise<ConversationRow | null>
  /** What is not named stays. Answers with the new version. */
  updateConversation(id: ConversationId, change: ConversationChange): Promise<number>
  findMemberships(id: ConversationId, accounts: readonly AccountId[]): Promise<readonly MembershipRow[]>
  /** Who takes over when the last owner leaves: the longest-serving admin, else member; null if nobody is left. */
  findSuccessor(id: ConversationId, leaving: AccountId): Promise<AccountId | null>
  countOwners(id: ConversationId): Promise<number>
  /** How many conversations each of these accounts is in; used against `limits.conversationsPerAccount`. */
  countConversations(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>
  /** Their positions begin at `read`: rows of the conversation's register group like any that changes (L11). */
  insertMemberships(
    rows: readonly (MembershipRow & {
      readonly joinedSequence: number
      readonly read: number
      readonly readOrdinal: number
    })[],
  ): Promise<void>
  deleteMembership(id: ConversationId, accountId: AccountId): Promise<void>
  updateRole(id: ConversationId, accountId: AccountId, role: Role): Promise<void>
  updateMemberCount(id: ConversationId, difference: number): Promise<number>
  headOf(stream: StreamId): Promise<{ readonly sequence: number; readonly ordinal: number }>
  existingAccounts(accounts: readonly AccountId[]): Promise<readonly AccountId[]>
  /** Creates the stream and register heads of a new account or conversation. */
  insertHeads(stream: StreamId): Promise<void>
  readonly accounts: AccountWrites
  readonly bell: BellWrites
  readonly tail: TailWrites
  readonly settings: SettingsWrites
  readonly marks: MarkWrites
  readonly mail: MailWrites
  readonly drafts: DraftWrites
  readonly media: MediaWrites
}
