/**
 * Mail as the store keeps it. A mail is one row, whoever gets it; a delivery is a register row of the mail's own group, for
 * its author (L11); an entry is what the mail is in one account's mailbox, and having one is what decides sight of it (L8).
 */
import type {
  AccountId,
  ConversationId,
  Delivery,
  DeliveryStatus,
  Mail,
  MailFailure,
  MailFolder,
  MailFrom,
  MailHeader,
  MailId,
  MailState,
  MailStatuses,
  MediaId,
  RecipientMode,
  Role,
  UnreadMails,
} from '@recado/protocol'

/** A recipient as it was written: one of the three is set. */
export interface RecipientRow {
  readonly mode: RecipientMode
  readonly accountId: AccountId | null
  readonly groupId: ConversationId | null
  readonly address: string | null
}

export interface NewMail {
  readonly authorId: AccountId
  /** Null begins a thread. */
  readonly threadId: MailId | null
  readonly inReplyTo: MailId | null
  readonly subject: string
  readonly text: string
  /** Sanitised, with `text` made of it; null for a plain body. */
  readonly html: string | null
  readonly recipients: readonly RecipientRow[]
  readonly mediaIds: readonly MediaId[]
  readonly dueMicros: number
  readonly state: 'held' | 'released'
}

/** What releasing and cancelling need to know. */
export interface MailRow {
  readonly id: MailId
  readonly threadId: MailId
  readonly authorId: AccountId
  readonly state: MailState
  readonly dueMicros: number
  /** In the order in which they were written. */
  readonly recipients: readonly RecipientRow[]
}

/** A group as somebody who would mail it finds it. */
export interface MailGroup {
  readonly id: ConversationId
  readonly mailFrom: MailFrom
  /** Null for who is no member. */
  readonly role: Role | null
}

/** An entry is changed under the lock of its account's stream. Times are microseconds since 1970. */
export interface EntryRow {
  readonly accountId: AccountId
  readonly mailId: MailId
  readonly folder: MailFolder
  readonly authored: boolean
  readonly received: boolean
  /** The delivery by which it was received. */
  readonly deliveryNumber: number | null
  readonly read: boolean
  readonly starred: boolean
  readonly labels: readonly string[]
  readonly snoozedUntil: number | null
  readonly sortMicros: number
  readonly version: number
}

/** With the state of its mail, which decides where it goes back to. */
export interface FoundEntry extends EntryRow {
  readonly state: MailState
}

/** A delivery by its mail and its number within it. */
export interface DeliveryPlace {
  readonly mailId: MailId
  readonly number: number
}

export interface QueuedDelivery extends DeliveryPlace {
  readonly accountId: AccountId
}

/** A delivery with the sequence of the event that tells its recipient. */
export interface Arrival extends QueuedDelivery {
  readonly sequence: number
}

/** A recipient, and the conversation in which the mail reaches it. */
export interface QueuedRecipient extends RecipientRow {
  readonly conversationId: ConversationId
}

/** How far an account's devices have stored its own stream. */
export interface StoredUpTo {
  readonly accountId: AccountId
  readonly sequence: number
}

/** Statuses of a mail moved to this version of its register group. */
export interface ChangedMail {
  readonly mailId: MailId
  readonly authorId: AccountId
  readonly version: number
}

export type EntryView = MailFolder | 'starred' | 'snoozed' | 'received' | 'labelled'

export interface MailListRequest {
  readonly accountId: AccountId
  readonly view: EntryView
  /** With `labelled`. */
  readonly label: string | null
  readonly only: 'unread' | 'all'
  readonly order: 'newest' | 'oldest'
  readonly after: { readonly micros: number; readonly id: number } | null
  readonly limit: number
}

/** A mail of a list, and its place in it. */
export interface ListedMail {
  readonly header: MailHeader
  readonly sortMicros: number
}

export interface DeliveriesRequest {
  readonly mailId: MailId
  /** Rows of a group whose members this account may not see come without their account. */
  readonly viewer: AccountId
  readonly above: number
  readonly after: number
  readonly limit: number
}

export interface StatusesRow {
  readonly mailId: MailId
  readonly authorId: AccountId
  readonly statuses: MailStatuses
}

/** What is to be done now. */
export interface MailWork {
  readonly due: readonly MailId[]
  readonly queued: 'some' | 'none'
  readonly snoozed: readonly { readonly accountId: AccountId; readonly mailId: MailId }[]
}

/** The `version` of an event of a mailbox that says that its mail was marked as read. */
export const markedAsRead = 1

/** A mail as the mail API lists it. */
export interface PlainMail {
  readonly id: MailId
  /** Null for who has no account here. */
  readonly senderId: AccountId | null
  readonly senderName: string
  /** The one who asks, or of one's own mails the first person written as a recipient; null if there is none. */
  readonly recipientId: AccountId | null
  /** Where there is none, what the first recipient is called. */
  readonly recipientName: string
  readonly subject: string
  readonly text: string
  readonly sentMicros: number
  /** By the one who asks, or of one's own mails by that recipient. */
  readonly read: boolean
  /** Its place in the list. */
  readonly sortMicros: number
}

export interface PlainMailRequest {
  readonly accountId: AccountId
  /** What one received, or wrote and sent; the trash left out. */
  readonly box: 'received' | 'sent'
  readonly after: { readonly micros: number; readonly id: number } | null
  readonly limit: number
}

export interface MailStore {
  /** Those that this account has in its mailbox, by id. */
  readMails(accountId: AccountId, ids: readonly MailId[]): Promise<readonly Mail[]>
  list(request: MailListRequest): Promise<readonly ListedMail[]>
  /** Oldest first, by when they arrived or were sent. */
  listPlain(request: PlainMailRequest): Promise<readonly PlainMail[]>
  /** By id, which is by when they were written. */
  readThread(accountId: AccountId, threadId: MailId, after: number, limit: number): Promise<readonly Mail[]>
  readUnread(accountId: AccountId): Promise<UnreadMails>
  /** Of those that were released. */
  readStatuses(ids: readonly MailId[]): Promise<readonly StatusesRow[]>
  /** Rows above a version, by number. */
  listDeliveries(request: DeliveriesRequest): Promise<readonly Delivery[]>
  findWork(limit: number): Promise<MailWork>
}

/**
 * Of a wide transaction. The author's stream is the lock of a mail's state, an account's own that of its entries, the head
 * of the mail's register group that of its deliveries; streams are locked before register heads.
 */
export interface MailWrites {
  /** Before every other lock: a thread gets each of its conversations once. */
  lockThread(threadId: MailId): Promise<void>
  /** The thread of a mail that this account has in its mailbox. */
  findThread(mailId: MailId, accountId: AccountId): Promise<MailId | null>
  /** Those that exist, by id. */
  findGroups(ids: readonly ConversationId[], accountId: AccountId): Promise<readonly MailGroup[]>
  /** With its recipients and files. */
  insertMail(mail: NewMail): Promise<MailId>
  findMail(id: MailId): Promise<MailRow | null>
  updateState(
    id: MailId,
    state: 'released' | 'failed' | 'cancelled',
    failure: readonly MailFailure[] | null,
  ): Promise<void>
  findConversations(threadId: MailId, participants: readonly string[]): Promise<ReadonlyMap<string, ConversationId>>
  insertConversation(threadId: MailId, participants: string, memberCount: number): Promise<ConversationId>
  /** Appends the mail's message to a conversation that is locked. */
  appendMessage(conversationId: ConversationId, mailId: MailId, authorId: AccountId): Promise<void>
  /**
   * Queues one delivery for each person reached, and answers with how many: To before Cc before Bcc, named before by a
   * group. Who is in a group is read in this moment; the author gets it only if named.
   */
  queueDeliveries(mail: Pick<MailRow, 'id' | 'authorId'>, recipients: readonly QueuedRecipient[]): Promise<number>
  /** Some of the oldest mail's and some of the newest's, so that neither waits for all of the other. */
  findQueued(limit: number): Promise<readonly QueuedDelivery[]>
  /** After their accounts were locked: locks their mails and answers with those that are still queued. */
  lockQueued(deliveries: readonly QueuedDelivery[]): Promise<readonly QueuedDelivery[]>
  /** The mails are in the inboxes now: statuses and entries. */
  arrive(arrivals: readonly Arrival[]): Promise<void>
  /** Cancels what is still queued; answers with how many. */
  stopQueued(mailId: MailId): Promise<number>
  /** Of deliveries that were told by these sequences and not yet confirmed. */
  findUnconfirmed(stored: readonly StoredUpTo[], limit: number): Promise<readonly DeliveryPlace[]>
  /** Never back. */
  moveDeliveries(places: readonly DeliveryPlace[], to: Extract<DeliveryStatus, 'delivered' | 'read'>): Promise<void>
  /** Whether others see what this account has read. */
  findReceipts(accountId: AccountId): Promise<'shown' | 'hidden'>
  findEntries(accountId: AccountId, mailIds: readonly MailId[]): Promise<readonly FoundEntry[]>
  putEntries(entries: readonly EntryRow[]): Promise<void>
}
