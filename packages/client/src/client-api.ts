/** The SDK's interface, as one object per sign-in, whichever adapters stand behind it. */
import type {
  AccountId,
  Conversation,
  ConversationId,
  EventKind,
  MessageVersion,
  OperationInput,
  OperationName,
  OperationOutput,
  Person,
  Role,
  Session,
  SessionId,
} from '@recado/protocol'
import type { MailClient } from './mail/mail-api.ts'
import type {
  ClientEventListener,
  ClientSnapshot,
  ConversationHandle,
  ForwardInput,
  GroupChange,
  KeptMessages,
  MemberPage,
  MemberQuery,
  MessageSearchOptions,
  MessageSearchResult,
  SendInput,
  SettingsChange,
  SignInInput,
  SignOutOptions,
  SignOutOutcome,
  SignUpInput,
} from './types.ts'

/**
 * Everything that can be refused rejects with a `ProblemError`; where the server cannot be reached it is `unavailable`.
 * Requests that were cut off are repeated with the same key, so nothing is done twice.
 */
export interface Client {
  /** Calls `listener` after changes, gathered into one beat; read them with `getSnapshot`. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ClientSnapshot
  /** The same object for the same id. `subscribe` and `getSnapshot`, here and there, may be passed on unbound. */
  conversation(id: ConversationId): ConversationHandle
  /** Every event of this kind in all streams, live and caught up on, in order within its stream. */
  on<Kind extends EventKind>(kind: Kind, listener: ClientEventListener<Kind>): () => void

  /** Opens the sign-in kept on this device and shows its cache at once; resolves to whether there is one. */
  resumeSession(): Promise<boolean>
  /** Problems: `username-taken`, `email-taken`, `invalid-input`, `rate-limited`. */
  signUp(input: SignUpInput): Promise<void>
  /** Problems: `wrong-credentials`, `rate-limited`. */
  signIn(input: SignInInput): Promise<void>
  /** Ends the session, stops all tabs and deletes what is kept here. */
  signOut(options?: SignOutOptions): Promise<SignOutOutcome>
  listSessions(): Promise<readonly Session[]>
  /** Problems: `not-found`. */
  endSession(sessionId: SessionId): Promise<void>
  /** Resolves to how many were ended. */
  endOtherSessions(): Promise<number>

  /** Resolves to the entry's id once the text is safe on this device; sending goes on by itself. Problems: `invalid-input`. */
  send(input: SendInput): Promise<string>
  /** Takes back a message that was not sent; false if it already was, or may have been. */
  cancel(entryId: string): Promise<boolean>
  /** Tries a refused message again, as a new one at the end of its conversation's queue. */
  retry(entryId: string): Promise<void>
  /** Copies a message into conversations, one entry of the outbox for each. Problems: `message-deleted`. */
  forward(input: ForwardInput): Promise<void>
  /**
   * These resolve once they are safe on this device, and show at once; the server gets them in order when it can. What it
   * refuses shows at the message as `changes`, to be tried again or cancelled like a message that was not sent; only what
   * nobody could do any more, because the message is gone, goes silently. Problems: `invalid-input` of `edit`.
   */
  edit(conversationId: ConversationId, sequence: number, body: string, mentions?: readonly AccountId[]): Promise<void>
  delete(conversationId: ConversationId, sequence: number): Promise<void>
  react(conversationId: ConversationId, sequence: number, emoji: string): Promise<void>
  unreact(conversationId: ConversationId, sequence: number, emoji: string): Promise<void>
  /** For everybody: in groups only by owners and admins. */
  pinMessage(conversationId: ConversationId, sequence: number): Promise<void>
  unpinMessage(conversationId: ConversationId, sequence: number): Promise<void>
  /** For oneself. */
  saveMessage(conversationId: ConversationId, sequence: number): Promise<void>
  unsaveMessage(conversationId: ConversationId, sequence: number): Promise<void>
  /** Makes `saved` known, and keeps it so. */
  loadSaved(): Promise<void>
  /** Versions of a message, oldest first. */
  listVersions(conversationId: ConversationId, sequence: number): Promise<readonly MessageVersion[]>

  /** Problems: `not-found`, `limit-reached`. */
  openDirect(accountId: AccountId): Promise<Conversation>
  createGroup(name: string, accountIds: readonly AccountId[], description?: string): Promise<Conversation>
  /** Problems: `not-found`, `forbidden`, `invalid-input`. */
  updateGroup(conversationId: ConversationId, change: GroupChange): Promise<void>
  addMembers(
    conversationId: ConversationId,
    accountIds: readonly AccountId[],
    history?: 'all' | 'from-now',
  ): Promise<void>
  removeMember(conversationId: ConversationId, accountId: AccountId): Promise<void>
  leave(conversationId: ConversationId): Promise<void>
  setRole(conversationId: ConversationId, accountId: AccountId, role: Role): Promise<void>

  /** A page of members, owners and admins first; they also enter `people`. Problems: `not-found`. */
  listMembers(conversationId: ConversationId, query?: MemberQuery): Promise<MemberPage>

  /**
   * One's own settings of a conversation, which nobody else sees. They show at once and survive a restart; this resolves
   * when the server has them or, away from it, when they are safe on this device. Problems: `not-found`.
   */
  updateSettings(conversationId: ConversationId, change: SettingsChange): Promise<void>
  /** Pins it, or moves it, before another pinned conversation; null: after all others. Problems: `limit-reached`. */
  pin(conversationId: ConversationId, before: ConversationId | null): Promise<void>
  unpin(conversationId: ConversationId): Promise<void>
  /** Whether others see how far one has read. */
  setReadReceipts(to: 'shown' | 'hidden'): Promise<void>

  /** The first page of people whose name, username or e-mail address match; they also enter `people`. */
  searchPeople(query: string): Promise<readonly Person[]>
  /**
   * Full text over the messages kept on this device, with or without a network: every word of the query must begin a word of
   * the text, in any case, with any accents; "phrases" and the operators `from:`, `in:`, `has:link`, `before:` and `after:` narrow
   * it as they do on the server (`search.find`). The first search of a large cache takes a second or two, later ones milliseconds.
   * Finds nothing for a blank query, and nothing in what was deleted or left.
   */
  searchMessages(query: string, options?: MessageSearchOptions): Promise<MessageSearchResult>
  /** How much of the history this device keeps: what can be read and searched without a network. */
  countKept(): Promise<KeptMessages>
  /**
   * Deletes the kept messages from this device; resolves to how many. The list of conversations, what waits to be sent and
   * one's wishes stay, and the messages come back from the server as they are asked for.
   */
  forgetMessages(): Promise<number>
  /** Makes these people appear in `people`, and their presence in `presence` until the returned function is called. */
  watchPresence(accountIds: readonly AccountId[]): () => void
  /** Whether the person at this client is here; others see it. */
  setPresence(state: 'online' | 'away'): void
  /** Loads people by id into `people`, a few at a time; those already there cost nothing. */
  wantPeople(accountIds: readonly AccountId[]): void
  /** Clears the bell of one conversation, or all of it. */
  clearBell(conversationId: ConversationId | null): Promise<void>

  /** One's mails; the part behind them is loaded with the first use. The same object for the same sign-in. */
  mail(): Promise<MailClient>

  /** Any operation, typed: over the socket while it is open, else over HTTP. */
  call<Name extends OperationName>(operation: Name, data: OperationInput<Name>): Promise<OperationOutput<Name>>

  /** The network may be back, or the window was shown: connect now, or check the connection. */
  wake(): void
  /** Resolves once everything missed has been fetched; rejects when signed out or closed meanwhile. */
  caughtUp(): Promise<void>
  /** Stops everything and lets go of the cache; nothing is deleted. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ClientOptions {
  /** What `session.list` shows, for example "Chrome on Linux". */
  readonly device?: string
  /** `cookie`: the refresh token is an HttpOnly cookie (browsers on https or localhost); `body`: the client keeps it. */
  readonly refresh: 'cookie' | 'body'
  /** Messages that an opened conversation holds in memory (600). */
  readonly windowMessages?: number
  /** Messages that the cache keeps, all conversations together (100,000). */
  readonly cachedMessages?: number
  /** Events asked for at once while catching up, at most and by default 1,000. */
  readonly eventsPerPage?: number
  /** `none`: this client never reports what was delivered to it or read (`delivered`). */
  readonly receipts?: 'delivered' | 'none'
}
