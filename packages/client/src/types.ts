/** The public types of the SDK: what a program reads from it and hands to it. Everything read is immutable. */
import type {
  Account,
  AccountId,
  BellItem,
  Conversation,
  ConversationId,
  EventData,
  EventKind,
  MailFrom,
  Member,
  MemberPosition,
  Message,
  Person,
  Pin,
  Presence,
  Problem,
  SavedMessage,
  SessionId,
  StreamEvent,
  StreamId,
} from '@recado/protocol'

/** Why there is no sign-in: none yet, this or another tab signed out, the server ended it. */
export type SignedOutReason = 'none' | 'signed-out' | 'session-ended'

/** Times are milliseconds since 1970 by the client's clock. */
export type ConnectionState =
  /** Before `resumeSession`, `signIn` or `signUp` has settled whether there is a sign-in. */
  | { readonly state: 'starting'; readonly since: number }
  | { readonly state: 'signed-out'; readonly since: number; readonly reason: SignedOutReason }
  /** Not connected; the next attempt is at `retryAt`, or when `wake()` says so. Null: the server said not to come back. */
  | { readonly state: 'offline'; readonly since: number; readonly retryAt: number | null }
  | { readonly state: 'connecting'; readonly since: number }
  /** `caughtUp` once everything missed has been fetched. */
  | { readonly state: 'online'; readonly since: number; readonly caughtUp: boolean }

/**
 * Whether what is written survives closing the program. It does not where this device's storage is blocked or failed
 * (`memory`), nor where it has no room even after all messages were given up (`full`).
 */
export type StorageState = 'opening' | 'durable' | 'memory' | 'full'

/** One conversation as lists show it. */
export interface ConversationView {
  readonly id: ConversationId
  readonly conversation: Conversation
  /** `left`: no longer a member; it stays only while it holds messages that could not be sent. */
  readonly membership: 'member' | 'left'
  readonly unread: number
  /** One's own settings as they show on this device. `pinned` is its place among the pinned, lowest first. */
  readonly pinned: number | null
  /** Until when it neither calls nor counts, ISO 8601; null once that is over. */
  readonly muted: 'forever' | string | null
  readonly archived: boolean
  readonly markedUnread: boolean
  /** Who is typing now, in the order they began. */
  readonly typing: readonly AccountId[]
  /** Own messages not yet on the server, and those the server refused. */
  readonly waiting: number
  readonly refused: number
}

export interface BellView {
  /** Lines not cleared, newest first. */
  readonly items: readonly BellItem[]
  readonly count: number
}

/** The whole client as of one moment; parts that did not change are the same objects as before. */
export interface ClientSnapshot {
  readonly connection: ConnectionState
  readonly storage: StorageState
  readonly me: Account | null
  readonly sessionId: SessionId | null
  /** Counts the sign-ins that were begun here; the same session may be begun again. Each has a mail part of its own. */
  readonly signIn: number
  /** Whether the list of conversations is known at all: false only until the first one was loaded. */
  readonly ready: boolean
  /** Most recent first. */
  readonly conversations: readonly ConversationView[]
  /** Messages unread in all conversations that are neither muted nor archived. */
  readonly unread: number
  readonly people: ReadonlyMap<AccountId, Person>
  /** Of the people watched, and of friends that came or went. Empty while not online. */
  readonly presence: ReadonlyMap<AccountId, Presence>
  readonly bell: BellView
  readonly outbox: { readonly waiting: number; readonly refused: number }
  readonly saved: SavedView
}

/** How far one's own message got: with all others who are in the conversation. */
export type MessageState = 'sent' | 'delivered' | 'read'

export interface MessageView {
  readonly type: 'message'
  /** The same for a message before and after it was sent: what a list keys its rows by. */
  readonly key: string
  readonly message: Message
  readonly own: boolean
  /** Null for messages of others. */
  readonly state: MessageState | null
  /** How many others have it on a device, and how many have read it; 0 for messages of others. Who: `receiptsOf`. */
  readonly deliveredCount: number
  readonly readCount: number
  /** The message it answers: undefined while being looked up, null if there is none or it may not be seen. */
  readonly quoted: Message | null | undefined
  readonly pinned: boolean
  readonly saved: boolean
  /** What was done to it here and is not on the server yet, in order. */
  readonly changes: readonly PendingChange[]
}

/** Something done to a message that is there: kept in the outbox until the server has it. */
export type MessageChange =
  | {
      readonly kind: 'edit'
      readonly sequence: number
      readonly body: string
      readonly mentions: readonly AccountId[]
    }
  | { readonly kind: 'react' | 'unreact'; readonly sequence: number; readonly emoji: string }
  | { readonly kind: 'delete' | 'pin' | 'unpin' | 'save' | 'unsave'; readonly sequence: number }

/** A change that the server does not have yet. Its message shows it already, unless it was refused. */
export interface PendingChange {
  /** For `cancel` and `retry`. */
  readonly entryId: string
  readonly change: MessageChange
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string
  readonly state: PendingState
  /** Why it was refused. */
  readonly problem: Problem | null
}

/** A pinned message; `pin` is null while pinning it waits to be sent. */
export interface PinView {
  readonly message: Message
  readonly pin: Pin | null
}

export interface SavedView {
  /** `unknown` until `loadSaved`; `partial` is what this device remembers of an earlier time. */
  readonly state: 'unknown' | 'loading' | 'partial' | 'known'
  /** Last saved first. */
  readonly items: readonly SavedItem[]
}

/** A saved message: `message` is null if it may not be seen any more, undefined while it is being looked up. */
export type SavedItem = Omit<SavedMessage, 'message'> & { readonly message: Message | null | undefined }

/** `waiting` for a connection or its turn, `sending`, `sent` (acknowledged, about to become a message), `refused`. */
export type PendingState = 'waiting' | 'sending' | 'sent' | 'refused'

/** A message of one's own that is not in the conversation yet; or an edit that cannot be made any more, for its text. */
export interface PendingView {
  readonly type: 'pending'
  readonly key: string
  /** For `cancel` and `retry`. */
  readonly entryId: string
  readonly conversationId: ConversationId
  readonly body: string
  readonly replyTo: number | null
  readonly mentions: readonly AccountId[]
  /** Who first wrote what is forwarded. */
  readonly forwardedFrom: AccountId | null
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string
  readonly state: PendingState
  /** Why it was refused. */
  readonly problem: Problem | null
  readonly quoted: Message | null | undefined
  /** Files on their way, in their order. */
  readonly files: readonly PendingFile[]
  /** How many bytes of all its files the server has. */
  readonly uploaded: number
}

export interface PendingFile {
  readonly name: string
  readonly blob: Blob
}

export type ConversationItem = MessageView | PendingView

export interface ConversationSnapshot {
  readonly id: ConversationId
  /** Null while unknown, or when one is no member. */
  readonly view: ConversationView | null
  /** Oldest first, without holes; pending messages come last and only when `hasNewer` is false. */
  readonly items: readonly ConversationItem[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly loading: { readonly first: boolean; readonly older: boolean; readonly newer: boolean }
  /** The last attempt to load failed so; null after one that did not. */
  readonly problem: Problem | null
  /** Null until `loadMembers`; then the first 500, kept current. `Client.listMembers` finds the others. */
  readonly members: readonly Member[] | null
  /** How far each member's devices got, as far as known. */
  readonly positions: ReadonlyMap<AccountId, MemberPosition>
  readonly typing: readonly AccountId[]
  /** The newest pin first; null until known. */
  readonly pins: readonly PinView[] | null
}

/**
 * One conversation, opened. It holds messages in memory while somebody listens, at most `windowMessages`: what falls
 * off at the far end is loaded again when asked for.
 */
export interface ConversationHandle {
  readonly id: ConversationId
  /** The first listener loads the newest messages, from the cache at once and then from the server. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ConversationSnapshot
  /**
   * Loads the newest messages before anybody listens. Resolves once the snapshot has those that this device keeps, else those
   * of the server; at once if the conversation is not known yet.
   */
  open(): Promise<void>
  /** These resolve when the snapshot holds the outcome; a failure is in its `problem`. */
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Shows the history around a sequence. */
  jumpTo(sequence: number): Promise<void>
  /**
   * Shows the history around a time (ISO 8601, UTC, milliseconds). Resolves to the sequence of the first message that is not
   * older, else of the newest; null if there is none or it could not be loaded.
   */
  jumpToTime(time: string): Promise<number | null>
  jumpToNewest(): Promise<void>
  /** The message that is being read, null for the newest: what exceeds the window falls off at the end that is farther from it. */
  reads(sequence: number | null): void
  /** What was on screen in a visible, focused window. Never moves back. */
  markRead(sequence: number): void
  loadMembers(): Promise<void>
  setTyping(state: 'typing' | 'idle'): void
  receiptsOf(sequence: number): { readonly delivered: readonly AccountId[]; readonly read: readonly AccountId[] }
}

/** What is left out stays. `muted`: until when, ISO 8601, or null for no longer. */
export interface SettingsChange {
  readonly muted?: 'forever' | string | null
  readonly archived?: boolean
  readonly markedUnread?: boolean
}

export interface MemberQuery {
  /** Only those of whom every word of it begins a word of name, username or e-mail address. */
  readonly query?: string
  /** From an earlier page. */
  readonly next?: string
}

export interface MemberPage {
  readonly items: readonly Member[]
  readonly next: string | null
}

/** What is left out stays; a description of null takes it away. */
export interface GroupChange {
  readonly name?: string
  readonly description?: string | null
  /** Who may send mail to the group; its owner's to choose. */
  readonly mailFrom?: MailFrom
}

export interface SendInput {
  readonly conversationId: ConversationId
  /** 1 to 20,000 code points (`limits.bodyLength`); it may be empty beside files. */
  readonly body: string
  /** The sequence of the message it answers. */
  readonly replyTo?: number
  readonly mentions?: readonly AccountId[]
  /** At most ten (`limits.attachmentsPerMessage`). They wait on this device beside the text, and are uploaded before it is sent. */
  readonly files?: readonly PendingFile[]
}

export interface ForwardInput {
  readonly message: Message
  /** The conversations that get a copy, each on its own. */
  readonly to: readonly ConversationId[]
}

export interface SignUpInput {
  readonly username: string
  readonly password: string
  readonly displayName: string
  readonly email?: string
  readonly language?: 'en' | 'pt-BR' | 'es'
}

export interface SignInInput {
  /** Username or e-mail address. */
  readonly login: string
  readonly password: string
}

/** `discard` throws away what was not sent; `ask` refuses to sign out while there is any. */
export interface SignOutOptions {
  readonly unsent: 'ask' | 'discard'
}
export type SignOutOutcome = { readonly signedOut: true } | { readonly signedOut: false; readonly unsent: number }

/** What survives a restart. `refreshToken` is null where it is a cookie that no script can read. */
export interface SavedSession {
  readonly account: Account
  readonly sessionId: SessionId
  readonly refreshToken: string | null
}

export interface KeptMessages {
  readonly messages: number
  /** How many conversations they are of. */
  readonly conversations: number
}

/** A message that this device keeps and that holds all words of a query. */
export interface MessageHit {
  readonly conversationId: ConversationId
  /** For `jumpTo`. */
  readonly sequence: number
  readonly authorId: AccountId
  /** ISO 8601. */
  readonly createdAt: string
  readonly body: string
  /** Where the words stand in `body`: from (included), to (excluded), in UTF-16 units; sorted, without overlap, at most 50. */
  readonly ranges: readonly (readonly [number, number])[]
}

export interface MessageSearchGroup {
  readonly conversationId: ConversationId
  /** Newest first, at least one. */
  readonly hits: readonly MessageHit[]
  /** Whether there are older ones too: ask again with `conversationId` and a larger `perConversation`. */
  readonly more: boolean
}

export interface MessageSearchResult {
  readonly query: string
  /** The conversation with the most recent activity first. */
  readonly groups: readonly MessageSearchGroup[]
  /** `searching`: more may follow; `limited`: there may be more in older conversations; `complete`: that is all. */
  readonly state: 'searching' | 'limited' | 'complete'
  /** Operators of the query that name nothing, and those that only the server can follow: with one of them nothing is found. */
  readonly unknown: readonly string[]
  readonly beyond: readonly string[]
}

export interface MessageSearchOptions {
  /** Only in this conversation. */
  readonly conversationId?: ConversationId
  /** About how many hits are enough (200), and how many of one conversation (20). */
  readonly limit?: number
  readonly perConversation?: number
  /** Gives it up: the promise rejects with the signal's reason. Abort the last search when the query changes. */
  readonly signal?: AbortSignal
  /** What was found so far, about every 80 ms; the promise resolves to the whole. */
  readonly progress?: (result: MessageSearchResult) => void
}

/** One event of the log as handed to `client.on`: each once, in order within its stream, also those caught up on. */
export interface ClientEvent<Kind extends EventKind> {
  readonly stream: StreamId
  readonly sequence: number
  readonly kind: Kind
  readonly actorId: StreamEvent['actorId']
  readonly data: EventData[Kind]
}

export type ClientEventListener<Kind extends EventKind> = (event: ClientEvent<Kind>) => void
