/** The rows of the model's database: immutable objects, each table a map by key. A change replaces a row. */
import type {
  Account,
  AccountId,
  ConversationId,
  MailFailure,
  MailId,
  MediaId,
  MessageId,
  SessionId,
  StreamId,
} from '@recado/protocol'
import type { BellRow } from '@recado/server/store/bell.ts'
import type { DraftRow, SavedDraft } from '@recado/server/store/drafts.ts'
import type { EntryRow, MailRow as HeldMail } from '@recado/server/store/mail.ts'
import type { DeliveryRow as Delivery } from '@recado/server/store/mail-view.ts'
import type { MediaRow } from '@recado/server/store/media.ts'
import type { SettingsRow } from '@recado/server/store/settings.ts'
import type { Commit, ConversationRow, MembershipRow, StoredEvent } from '@recado/server/store/store.ts'

export interface HeadRow {
  readonly stream: StreamId
  readonly sequence: number
  readonly ordinal: number
  readonly messageSequence: number
  readonly micros: number
}

export interface EventRow extends StoredEvent {
  readonly stream: StreamId
  readonly key: string | null
  readonly fingerprint: string | null
}

export interface MemberRow extends MembershipRow {
  readonly joinedSequence: number
  readonly joinedMicros: number
}

/** How far a member's devices reported to be; what the member sent counts beside it (`sent`). */
export interface PositionRow {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly delivered: number
  readonly read: number
  readonly readOrdinal: number
  readonly version: number
  /** At which what others see of it last changed. */
  readonly shownVersion: number
}

export interface OwnSettingsRow extends SettingsRow {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
}

/** A member's own newest message. */
export interface SentRow {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly sequence: number
  readonly ordinal: number
}

export interface MessageRow {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly ordinal: number
  readonly id: MessageId
  readonly authorId: AccountId
  readonly key: string
  readonly body: string | null
  readonly replyTo: number | null
  readonly mentions: readonly AccountId[]
  readonly forwardedFrom: AccountId | null
  readonly attachments: readonly MediaId[]
  readonly version: number
  readonly createdMicros: number
  readonly editedMicros: number | null
  readonly deletedMicros: number | null
}

export interface VersionRow {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly version: number
  readonly body: string
  readonly micros: number
}

export interface ReactionRow {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly accountId: AccountId
  readonly emoji: string
  readonly micros: number
}

export interface PinMark {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly accountId: AccountId
  readonly micros: number
}

export interface SaveMark {
  readonly accountId: AccountId
  readonly messageId: MessageId
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly micros: number
}

export interface MailRow extends HeldMail {
  readonly inReplyTo: MailId | null
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly mediaIds: readonly MediaId[]
  readonly failure: readonly MailFailure[] | null
  readonly createdMicros: number
  readonly releasedMicros: number | null
}

/** One conversation for each fixed set of participants of a thread. */
export interface MailConversation {
  readonly threadId: MailId
  readonly participants: string
  readonly conversationId: ConversationId
}

export interface DeliveryRow extends Delivery {
  readonly mailId: MailId
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly arrivedSequence: number | null
}

export interface StoredDraft {
  readonly accountId: AccountId
  readonly draftId: string
  /** Null for one that was deleted before it was ever saved. */
  readonly number: number | null
  /** Null once it was deleted. */
  readonly draft: (Omit<DraftRow, 'attachments'> & Pick<SavedDraft, 'fingerprint' | 'mediaIds'>) | null
  /** When it was deleted. */
  readonly goneMicros: number
}

export interface AttachmentRow {
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly place: number
  readonly mediaId: MediaId
}

/** A file with the hashes of its content; null before it was looked at. */
export interface StoredMedia {
  readonly media: MediaRow
  readonly hash: string | null
  readonly preview: { readonly hash: string; readonly bytes: number } | null
}

/** When to look whether anybody still refers to a file. */
export interface MediaCheck {
  readonly id: number
  readonly mediaId: MediaId
  readonly dueMicros: number
}

export interface BellLine extends BellRow {
  readonly accountId: AccountId
  readonly version: number
}

export interface CommitRow extends Commit {
  readonly incarnation: number
  readonly micros: number
}

export interface AccountRow extends Omit<Account, 'createdAt'> {
  readonly usernameFolded: string
  readonly emailFolded: string | null
  readonly sortName: string
  readonly words: readonly string[]
  readonly passwordHash: string
  readonly createdMicros: number
  readonly lastSeenMicros: number | null
}

export interface SessionRow {
  readonly id: SessionId
  readonly accountId: AccountId
  readonly device: string
  readonly seed: Uint8Array
  readonly generation: number
  readonly rotatedMicros: number
  readonly createdMicros: number
  readonly endedMicros: number | null
}

export interface Rows {
  heads: HeadRow
  registerHeads: { readonly group: StreamId; readonly version: number }
  events: EventRow
  commits: CommitRow
  leases: { readonly consumer: string; readonly holder: string; readonly untilMicros: number }
  tails: { readonly consumer: string; readonly writer: number; readonly number: number }
  conversations: ConversationRow
  directs: { readonly low: AccountId; readonly high: AccountId; readonly conversationId: ConversationId }
  memberships: MemberRow
  positions: PositionRow
  sent: SentRow
  settings: OwnSettingsRow
  messages: MessageRow
  versions: VersionRow
  reactions: ReactionRow
  pins: PinMark
  saves: SaveMark
  media: StoredMedia
  attachments: AttachmentRow
  mediaChecks: MediaCheck
  bell: BellLine
  mails: MailRow
  mailConversations: MailConversation
  deliveries: DeliveryRow
  entries: EntryRow
  drafts: StoredDraft
  accounts: AccountRow
  sessions: SessionRow
  secrets: { readonly name: string; readonly value: Uint8Array }
}

export type TableName = keyof Rows

/** Each table's primary key. */
const keys: { readonly [Name in TableName]: (row: Rows[Name]) => readonly (string | number)[] } = {
  heads: row => [row.stream],
  registerHeads: row => [row.group],
  events: row => [row.stream, row.sequence],
  commits: row => [row.writer, row.number],
  leases: row => [row.consumer],
  tails: row => [row.consumer, row.writer],
  conversations: row => [row.id],
  directs: row => [row.low, row.high],
  memberships: row => [row.conversationId, row.accountId],
  positions: row => [row.conversationId, row.accountId],
  sent: row => [row.conversationId, row.accountId],
  settings: row => [row.conversationId, row.accountId],
  messages: row => [row.conversationId, row.sequence],
  versions: row => [row.conversationId, row.sequence, row.version],
  reactions: row => [row.conversationId, row.sequence, row.accountId, row.emoji],
  pins: row => [row.conversationId, row.sequence],
  saves: row => [row.accountId, row.messageId],
  media: row => [row.media.id],
  attachments: row => [row.conversationId, row.sequence, row.place],
  mediaChecks: row => [row.id],
  bell: row => [row.accountId, row.conversationId, row.sequence, row.kind],
  mails: row => [row.id],
  mailConversations: row => [row.threadId, row.participants],
  deliveries: row => [row.mailId, row.number],
  entries: row => [row.accountId, row.mailId],
  drafts: row => [row.accountId, row.draftId],
  accounts: row => [row.id],
  sessions: row => [row.id],
  secrets: row => [row.name],
}

export function keyOf<Name extends TableName>(table: Name, row: Rows[Name]): string {
  return keys[table](row).join(' ')
}

/** What can be asked of a state: the committed one, or a transaction's own. */
export interface View {
  get<Name extends TableName>(table: Name, ...key: readonly (string | number)[]): Rows[Name] | undefined
  find<Name extends TableName>(table: Name, where: (row: Rows[Name]) => boolean): Rows[Name][]
}

export type TableData = { readonly [Name in TableName]: Map<string, Rows[Name]> }

export function createTables(): TableData {
  return {
    heads: new Map(),
    registerHeads: new Map(),
    events: new Map(),
    commits: new Map(),
    leases: new Map(),
    tails: new Map(),
    conversations: new Map(),
    directs: new Map(),
    memberships: new Map(),
    positions: new Map(),
    sent: new Map(),
    settings: new Map(),
    messages: new Map(),
    versions: new Map(),
    reactions: new Map(),
    pins: new Map(),
    saves: new Map(),
    media: new Map(),
    attachments: new Map(),
    mediaChecks: new Map(),
    bell: new Map(),
    mails: new Map(),
    mailConversations: new Map(),
    deliveries: new Map(),
    entries: new Map(),
    drafts: new Map(),
    accounts: new Map(),
    sessions: new Map(),
    secrets: new Map(),
  }
}
