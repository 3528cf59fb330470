/**
 * Files as the store keeps them: one row per upload, and what refers to it. The content itself lies elsewhere,
 * under its hash (`media/contents.ts`); the store holds the locks under which content comes and goes.
 *
 * Guarantees: what is `ready` keeps its content. Nothing that a message, a mail or a draft refers to is collected, however the two race:
 * what nobody refers to is `doomed` first, which no send can take up any more, and goes a while later, when every send
 * that had seen it ready has ended.
 */
import type { AccountId, Attachment, MediaId, MediaRefusal } from '@recado/protocol'

interface MediaCommon {
  readonly id: MediaId
  readonly accountId: AccountId
  readonly name: string
  /** Bytes that were announced. */
  readonly length: number
  readonly createdMicros: number
}

export type MediaRow = MediaCommon &
  (
    | { readonly state: 'uploading'; readonly received: number }
    | { readonly state: 'inspecting' }
    | { readonly state: 'refused'; readonly refusal: MediaRefusal }
    | { readonly state: 'ready' | 'doomed'; readonly attachment: Attachment }
  )

export interface NewUpload {
  readonly id: MediaId
  readonly accountId: AccountId
  readonly name: string
  readonly length: number
}

export interface UploadBounds {
  /** Bytes of all files of one account. */
  readonly quotaBytes: number
  readonly unfinished: number
  /** After this it is collected unless a message refers to it. */
  readonly keptMs: number
}

/** Stored content: SHA-256 in hexadecimal, and how long it is. */
export interface Content {
  readonly hash: string
  readonly bytes: number
}

/** What looking at a file found. */
export interface Findings {
  readonly type: string
  readonly original: Content
  readonly image: {
    readonly width: number
    readonly height: number
    readonly placeholder: string
    readonly preview: Content
  } | null
}

export interface StoredVariant extends Content {
  readonly type: string
  readonly name: string
}

/**
 * Where a reader meets a file: on a message of a conversation that the reader sees from somewhere on, on a mail in the reader's
 * mailbox, on a draft of the reader's own.
 */
export type MediaSight =
  | { readonly by: 'message'; readonly sequence: number; readonly visibleFrom: number }
  | { readonly by: 'mail' }
  | { readonly by: 'draft' }

export interface MediaStore {
  /** Counts and inserts under the account's lock, so that uploads which start together do not pass the bounds together. */
  create(upload: NewUpload, bounds: UploadBounds): Promise<'created' | 'quota-reached' | 'too-many'>
  find(id: MediaId): Promise<MediaRow | null>
  /** Files that can hang on a message of this account, in the order asked for; those that cannot are left out. */
  findReady(ids: readonly MediaId[], accountId: AccountId): Promise<readonly Attachment[]>
  /** How much is on disk; whoever writes it is alone with the upload. */
  setReceived(id: MediaId, received: number): Promise<void>
  /** From `uploading` to `inspecting`; false if it is not uploading. */
  finishUpload(id: MediaId): Promise<boolean>
  /** Deletes what is still uploading, was refused, or is ready and hangs on no message; false if there is no such. */
  cancel(id: MediaId): Promise<boolean>
  /** What waits to be looked at, oldest first. */
  listInspecting(limit: number): Promise<readonly MediaId[]>
  refuse(id: MediaId, refusal: MediaRefusal): Promise<void>
  /**
   * Makes it `ready`, holding the locks of its contents while `isStored` looks whether they are still there; nothing is
   * written if not. Of what was given up meanwhile the contents go.
   */
  accept(id: MediaId, findings: Findings, contents: ContentPort): Promise<'accepted' | 'content-missing' | 'gone'>
  findVariant(id: MediaId, variant: 'original' | 'preview'): Promise<StoredVariant | null>
  /** The best of each kind. */
  findSights(id: MediaId, reader: AccountId): Promise<readonly MediaSight[]>
  /**
   * Looks at one file that is due: keeps it, dooms it, or forgets it and removes the contents that were its alone, each
   * under its lock. False when none is due.
   */
  collect(request: CollectRequest): Promise<boolean>
}

/** Of a wide transaction. */
export interface MediaWrites {
  /** Of these those that a mail of this account's may carry: its own, or on a mail in its mailbox; and ready. */
  findUsable(ids: readonly MediaId[], accountId: AccountId): Promise<readonly MediaId[]>
  /** Its own that nobody referred to, and that are not gone yet, are ready again: for whoever refers to them in this transaction. */
  takeUp(ids: readonly MediaId[], accountId: AccountId): Promise<void>
}

/** What the store does with content while it holds its lock. */
export interface ContentPort {
  isStored(hash: string): Promise<boolean>
  remove(hash: string): Promise<void>
}

export interface CollectRequest {
  readonly nowMicros: number
  /** How long what is doomed stays. Longer than any transaction lives. */
  readonly doomedMs: number
  readonly contents: Pick<ContentPort, 'remove'>
}
