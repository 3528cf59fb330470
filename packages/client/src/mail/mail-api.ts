/** The SDK's mail part: what a program reads from it and hands to it. Everything read is immutable. */
import type {
  Delivery,
  Mail,
  MailHeader,
  MailId,
  MailStatuses,
  MediaId,
  OperationInput,
  Problem,
  RecipientInput,
} from '@recado/protocol'
import type { PendingState } from '../types.ts'

/** A list of mails, newest first. Those across folders leave out the trash, `starred` also spam. */
export type MailView =
  | {
      readonly folder: 'inbox' | 'archive' | 'trash' | 'spam' | 'sent' | 'unsent' | 'starred' | 'snoozed' | 'received'
      readonly only?: 'unread'
    }
  | { readonly folder: 'labelled'; readonly label: string; readonly only?: 'unread' }

/** The mails of one sign-in; handles are the same object for the same view or id. */
export interface MailClient {
  subscribe(listener: () => void): () => void
  getSnapshot(): MailSnapshot
  list(view: MailView): MailListHandle
  thread(threadId: MailId): MailThreadHandle
  /** How far a mail of one's own got with each recipient. */
  deliveries(mailId: MailId): DeliveriesHandle
  draft(id: string): DraftHandle
  /**
   * Resolves to the entry's id once the mail is safe on this device; it goes out by itself, in order, also after a restart.
   * Problems: `invalid-input`.
   */
  send(input: MailInput): Promise<string>
  /** Takes back an entry that was not sent, or what of a mail has not been sent yet. False if it is too late. */
  takeBack(which: { readonly entryId: string } | { readonly mailId: MailId }): Promise<boolean>
  /** Tries a refused mail again, at the end of the queue. Problems: `not-found`. */
  retry(entryId: string): Promise<void>
  /**
   * Shows at once and survives a restart. Resolves when the server has it or, away from it, when it is safe on this device,
   * to what takes it back. Problems: `not-found`, `limit-reached`.
   */
  update(mailIds: readonly MailId[], change: MailChange): Promise<MailUndo>
  undo(undo: MailUndo): Promise<void>
  /**
   * Looks through the mails that this device keeps, newest first, at most a hundred; the query is that of `search.find`. A mail
   * whose body is not here is found by its subject and the beginning of its text.
   */
  search(query: string): Promise<MailSearchResult>
}

export interface MailSnapshot {
  /** How many mails of the inbox are not read; null until known. */
  readonly unread: number | null
  /** Labels of the mails that this device keeps, sorted. */
  readonly labels: readonly string[]
  /** Last written first. */
  readonly drafts: readonly DraftView[]
  /** Mails on their way from this device, in order; refused ones keep all of their text. */
  readonly outbox: readonly PendingMail[]
}

export interface MailListSnapshot {
  readonly items: readonly MailHeader[]
  readonly hasOlder: boolean
  readonly loading: { readonly first: boolean; readonly older: boolean }
  /** The last attempt to load failed so; null after one that did not. */
  readonly problem: Problem | null
  /** Only what this device keeps: there may be more. */
  readonly offline: boolean
}

export interface MailListHandle {
  /** The first listener loads the newest mails, from this device at once and then from the server. */
  subscribe(listener: () => void): () => void
  getSnapshot(): MailListSnapshot
  /** Resolves when the snapshot holds the outcome; a failure is in its `problem`. */
  loadOlder(): Promise<void>
}

export interface MailThreadSnapshot {
  /** With their bodies, oldest first. */
  readonly mails: readonly Mail[]
  readonly loading: boolean
  readonly problem: Problem | null
}

export interface MailThreadHandle {
  subscribe(listener: () => void): () => void
  getSnapshot(): MailThreadSnapshot
}

export interface DeliveriesSnapshot {
  readonly statuses: MailStatuses | null
  /** By number. */
  readonly items: readonly Delivery[]
  readonly hasMore: boolean
  readonly loading: boolean
  readonly problem: Problem | null
}

export interface DeliveriesHandle {
  subscribe(listener: () => void): () => void
  getSnapshot(): DeliveriesSnapshot
  loadMore(): Promise<void>
}

/** A mail that this device keeps, and where in it the words of a query stand, as in `MessageHit`. */
export interface MailHit {
  readonly header: MailHeader
  readonly text: string
  readonly subjectRanges: readonly (readonly [number, number])[]
  readonly ranges: readonly (readonly [number, number])[]
}

export interface MailSearchResult {
  readonly hits: readonly MailHit[]
  readonly state: 'limited' | 'complete'
  /** As in `MessageSearchResult`. */
  readonly unknown: readonly string[]
  readonly beyond: readonly string[]
}

/** What is left out stays. */
export type MailChange = Omit<OperationInput<'mailbox.update'>, 'mailIds' | 'key' | 'tell'>

/** What mails were before a change, as changes that bring it back. */
export type MailUndo = readonly { readonly mailIds: readonly MailId[]; readonly change: MailChange }[]

export interface MailInput {
  readonly to: readonly RecipientInput[]
  readonly cc?: readonly RecipientInput[]
  readonly bcc?: readonly RecipientInput[]
  /** At most 255 code points (`limits.subjectLength`). */
  readonly subject: string
  readonly body: { readonly text: string } | { readonly html: string }
  readonly inReplyTo?: MailId
  /** For how long the server holds it, to be taken back; at most 60 (`limits.undoSeconds`). */
  readonly undoSeconds?: number
  /** ISO 8601. */
  readonly dueAt?: string
  /** The draft that it was: it goes with the mail. */
  readonly draftId?: string
  readonly attachments?: readonly DraftAttachment[]
}

/** A mail that the server does not have yet. */
export interface PendingMail {
  /** For `takeBack` and `retry`. */
  readonly entryId: string
  readonly input: MailInput
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string
  readonly state: PendingState
  /** Why it was refused. */
  readonly problem: Problem | null
  /** How many bytes of all its attachments the server has. */
  readonly uploaded: number
}

/** A name that is not known, or not yet. */
export type DraftRecipient = RecipientInput | { readonly typed: string }

/** A file that the server has. */
export interface UploadedAttachment {
  readonly mediaId: MediaId
  readonly name: string
  readonly size: number
  readonly type: string
  /** On the device that gave it: what it was called before it was there. */
  readonly id?: string
  /** It stays here until the server has the draft with it. */
  readonly blob?: Blob
}

/** A file that only this device has. `id`: what whoever gives it calls it, unique within its draft. */
export interface LocalAttachment {
  readonly id: string
  readonly name: string
  readonly blob: Blob
}

/** Of a draft, files go up as soon as they are in it; of a mail at the latest before it is sent. */
export type DraftAttachment = UploadedAttachment | LocalAttachment

/** How far a file of a draft has got that the server does not have yet. */
export interface DraftUpload {
  /** That of its `LocalAttachment`. */
  readonly id: string
  /** How many of its bytes the server has, where this tab is the one that sends them. */
  readonly uploaded: number
  /** Why it cannot go up; it stays in the draft, here, until it is taken out. */
  readonly problem: Problem | null
}

/** A draft is saved whole each time. */
export interface DraftContent {
  readonly to: readonly DraftRecipient[]
  readonly cc: readonly DraftRecipient[]
  readonly bcc: readonly DraftRecipient[]
  readonly subject: string
  readonly html: string
  readonly inReplyTo: MailId | null
  readonly forwardOf: MailId | null
  readonly attachments: readonly DraftAttachment[]
}

/** A draft as lists show it. */
export interface DraftView {
  readonly id: string
  readonly to: readonly DraftRecipient[]
  readonly cc: readonly DraftRecipient[]
  readonly bcc: readonly DraftRecipient[]
  readonly subject: string
  /** The beginning of the text. */
  readonly preview: string
  readonly inReplyTo: MailId | null
  readonly forwardOf: MailId | null
  readonly attachmentCount: number
  /** ISO 8601. */
  readonly updatedAt: string
  readonly state: DraftState
}

/**
 * `saving`: on its way to the server; `kept`: on this device only, until there is a connection; `gone`: sent or discarded
 * elsewhere.
 */
export type DraftState = 'loading' | 'saved' | 'saving' | 'kept' | 'gone'

export interface DraftSnapshot {
  /** Null while loading, and for a draft that there is not. */
  readonly content: DraftContent | null
  readonly state: DraftState
  /** Another device wrote too and both could not be put together: the other text is this draft. */
  readonly copyId: string | null
  readonly uploads: readonly DraftUpload[]
}

export interface DraftHandle {
  subscribe(listener: () => void): () => void
  getSnapshot(): DraftSnapshot
  /**
   * Shows at once, and is stored on this device and on the server soon. `writtenUpon`: the content of the snapshot that
   * stood before whoever wrote it; what came from elsewhere meanwhile is put together with it. Without it, that is replaced.
   */
  save(content: DraftContent, writtenUpon?: DraftContent | null): void
  discard(): Promise<void>
}
