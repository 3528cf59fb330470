/**
 * What the rest of the server may ask of the store. SQL lives behind this port only; the simulation runs the same
 * operations, lanes and gateway over an in-memory model of it, and one contract suite holds both to the same behaviour.
 *
 * Guarantees: a writer's transactions are durable when their promise resolves (L2), each leaves one row in the commit
 * journal, numbered densely per writer. A read sees everything that was committed before it was asked.
 */
import type {
  Account,
  AccountId,
  ConversationId,
  MailFrom,
  Message,
  MessageId,
  OwnSettings,
  Person,
  Role,
  SessionId,
  StreamEvent,
  StreamId,
} from '@recado/protocol'
import type { AccountStore } from './accounts.ts'
import type { AppendEntry, AppendOutcome } from './appending.ts'
import type { BellStore } from './bell.ts'
import type { DraftStore } from './drafts.ts'
import type { MailStore } from './mail.ts'
import type { MarkStore } from './marks.ts'
import type { MediaStore } from './media.ts'
import type { ChangedRegisters, PositionMove, PositionRow, PositionsRequest } from './registers.ts'
import type { SearchStore } from './search.ts'
import type { TailStore } from './tail.ts'
import type { Transaction } from './transaction.ts'

export type EventKindStored = Exclude<import('@recado/protocol').EventKind, 'void'>

/** An event as the log holds it: what happened to which target, never content (L12). */
export interface StoredEvent {
  readonly sequence: number
  readonly micros: number
  readonly kind: EventKindStored
  readonly actorId: AccountId | null
  /** A message's sequence, an account's or conversation's or session's id, by kind; null for the stream's owner itself. */
  readonly target: number | null
  readonly version: number | null
}

export interface StreamHeadRow {
  readonly sequence: number
  readonly micros: number
  readonly ordinal: number
  readonly registers: number
}

export interface MembershipRow {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly role: Role
  readonly visibleFrom: number
}

export interface ConversationRow {
  readonly id: ConversationId
  readonly kind: 'direct' | 'group' | 'mail'
  readonly name: string | null
  readonly description: string | null
  readonly mailFrom: MailFrom
  readonly version: number
  readonly memberCount: number
  readonly createdMicros: number
}

/** A conversation as one of its members sees it in a list. */
export interface ConversationView extends ConversationRow {
  /** Those of mail have no members: a mailbox holds mails, not conversations. */
  readonly kind: 'direct' | 'group'
  readonly head: StreamHeadRow
  readonly peer: Person | null
  readonly lastMessage: Message | null
  readonly me: {
    readonly role: Role
    readonly joinedAt: string
    readonly visibleFrom: number
    readonly delivered: number
    readonly read: number
    readonly readOrdinal: number
    readonly settings: OwnSettings
  }
}

/** A stream that a commit moved: events `from`+1 … `to` are new. */
export interface MovedStream {
  readonly stream: StreamId
  readonly from: number
  readonly to: number
}

/** A register group that a commit moved: rows above the previous version changed. */
export interface MovedRegisters {
  readonly group: StreamId
  readonly version: number
}

/** One row of the commit journal. */
export interface Commit {
  readonly writer: number
  readonly number: number
  readonly streams: readonly MovedStream[]
  readonly registers: readonly MovedRegisters[]
}

/** A position in the whole log: for each writer the number of its last commit. */
export type Vector = ReadonlyMap<number, number>

/**
 * One connection that holds its slot's session lock and has at most one transaction in flight, so that its commits are
 * dense and in order. Every method is one transaction; it rejects with `OutcomeUnknown` when the connection died after
 * COMMIT may have been sent, and with another error when nothing was written.
 */
export interface Writer extends AsyncDisposable {
  readonly slot: number
  appendBatch(
    entries: readonly AppendEntry[],
  ): Promise<{ readonly outcomes: readonly AppendOutcome[]; readonly commit: Commit | null }>
  movePositions(
    moves: readonly PositionMove[],
  ): Promise<{ readonly changed: ChangedRegisters; readonly commit: Commit | null }>
  /** Runs `work` in one transaction. After an unknown outcome `resolve` tells whether it was committed. */
  transact<Result>(
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly commit: Commit | null; readonly changed: ChangedRegisters }>
}

/** What a node needs of an account to serve its connections, all from one snapshot. */
export interface Attachment {
  readonly account: Account
  readonly head: StreamHeadRow
  readonly sessionIds: readonly SessionId[]
  readonly conversations: readonly {
    readonly id: ConversationId
    readonly kind: 'direct' | 'group'
    readonly peerId: AccountId | null
    readonly memberCount: number
    readonly visibleFrom: number
    readonly head: StreamHeadRow
  }[]
}

export interface HistoryRequest {
  readonly conversationId: ConversationId
  readonly visibleFrom: number
  readonly from:
    | { readonly before: number }
    | { readonly after: number }
    | { readonly around: number }
    /** Around the first message that is not older. */
    | { readonly aroundMicros: number }
    | 'newest'
  readonly limit: number
}

export interface MembersRequest {
  readonly conversationId: ConversationId
  /** Only those of whom every word of it begins a word of name, username or e-mail address; null for all. */
  readonly query: string | null
  readonly after: { readonly rank: number; readonly id: number } | null
  readonly limit: number
}

export interface HistoryPage {
  readonly items: readonly Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly head: StreamHeadRow
}

export interface EventsPage {
  readonly items: readonly StreamEvent[]
  readonly head: StreamHeadRow
}

export interface ReaderRequest {
  readonly stream: StreamId
  readonly after: number
  readonly limit: number
  /** The event whose time is asked for, to compare a cursor with (L6). */
  readonly cursor: number
  readonly reader: AccountId
}

export interface ReaderPage extends EventsPage {
  /** Null if there is no such event. */
  readonly cursorMicros: number | null
  /**
   * From where on the reader sees this conversation, at or after the moment of the page (L8); null for who is no member,
   * and for an account's own stream.
   */
  readonly visibleFrom: number | null
}

/** A message by the key that it was sent with (L3). */
export interface SentMessage {
  readonly fingerprint: string | null
  readonly id: MessageId
  readonly sequence: number
  readonly ordinal: number
  readonly micros: number
}

export interface Store extends AsyncDisposable {
  /** Which history this is (L6). */
  readonly epoch: string
  readonly accounts: AccountStore
  readonly bell: BellStore
  readonly tail: TailStore
  readonly marks: MarkStore
  readonly mail: MailStore
  readonly drafts: DraftStore
  readonly media: MediaStore
  readonly search: SearchStore
  /** Takes a free writer slot. */
  openWriter(): Promise<Writer>
  /**
   * After `OutcomeUnknown`: makes sure that the lost connection's transaction is decided (its backend is gone), opens a
   * new writer and tells from the journal whether that transaction was committed.
   */
  recoverWriter(attempt: Attempt): Promise<{ readonly writer: Writer; readonly committed: boolean }>
  readJournal(after: Vector, limit: number): Promise<readonly Commit[]>
  readVector(): Promise<Vector>
  /**
   * Forgets journal rows older than this that every tail consumer has passed, some thousands at a time, and always keeps
   * a writer's newest. Answers with how many went.
   */
  pruneJournal(beforeMicros: number): Promise<number>
  attach(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Attachment>>
  /** Events `after`+1 … at most `limit`, with their content, and the head in the same snapshot. */
  readEvents(stream: StreamId, after: number, limit: number): Promise<EventsPage>
  /** The same for one reader, with what decides whether they may have it. */
  readEventsAsReader(request: ReaderRequest): Promise<ReaderPage>
  findMembership(conversationId: ConversationId, accountId: AccountId): Promise<MembershipRow | null>
  findConversationView(conversationId: ConversationId, accountId: AccountId): Promise<ConversationView | null>
  listConversations(
    accountId: AccountId,
    before: { readonly micros: number; readonly id: number } | null,
    limit: number,
  ): Promise<readonly ConversationView[]>
  listMembers(
    request: MembersRequest,
  ): Promise<readonly { readonly person: Person; readonly role: Role; readonly joinedMicros: number }[]>
  readHistory(request: HistoryRequest): Promise<HistoryPage>
  readVersions(
    conversationId: ConversationId,
    sequence: number,
  ): Promise<readonly { readonly version: number; readonly body: string; readonly micros: number }[]>
  findMessage(conversationId: ConversationId, sequence: number): Promise<Message | null>
  /** What this key was answered with at an earlier attempt: the event, and the message if it made one. */
  findSent(conversationId: ConversationId, actorId: AccountId, key: string): Promise<SentMessage | null>
  readPositions(
    request: PositionsRequest,
  ): Promise<{ readonly items: readonly PositionRow[]; readonly version: number }>
}

/** One transaction of a writer, as the journal would show it. `process` is the database's backend. */
export interface Attempt {
  readonly slot: number
  readonly number: number
  readonly incarnation: number
  readonly process: number
}

/** The connection died when COMMIT may have been on its way: written or not, nobody knows until the journal is read (L2). */
export class OutcomeUnknown extends Error {
  readonly attempt: Attempt

  constructor(attempt: Attempt, cause: unknown) {
    super('the outcome of a commit is unknown', { cause })
    this.name = 'OutcomeUnknown'
    this.attempt = attempt
  }
}

/** The connection broke before COMMIT was sent: nothing was written, and the writer is gone. */
export class WriterLost extends Error {
  constructor(cause: unknown) {
    super('the connection of a writer was lost', { cause })
    this.name = 'WriterLost'
  }
}
