/**
 * Drafts as the store keeps them: one row for each that was ever saved, of which a deleted one keeps nothing but that it is
 * gone, so that a late save cannot bring it back. A row is changed under the lock of its account's stream.
 */
import {
  type AccountId,
  type Attachment,
  type Draft,
  type DraftHeader,
  type DraftRecipient,
  limits,
  type MailId,
  type MediaId,
} from '@recado/protocol'
import { isoTime } from '../clock.ts'

export interface DraftContent {
  readonly to: readonly DraftRecipient[]
  readonly cc: readonly DraftRecipient[]
  readonly bcc: readonly DraftRecipient[]
  readonly subject: string
  /** Sanitised. */
  readonly html: string
  /** The beginning of its text. */
  readonly preview: string
  readonly inReplyTo: MailId | null
  readonly forwardOf: MailId | null
}

export interface DraftRow extends DraftContent {
  readonly attachments: readonly Attachment[]
  readonly draftId: string
  readonly version: number
  readonly updatedMicros: number
}

export interface SavedDraft extends DraftContent {
  readonly mediaIds: readonly MediaId[]
  readonly accountId: AccountId
  readonly draftId: string
  /** By which events name it: the sequence of its first one. */
  readonly number: number
  readonly version: number
  readonly fingerprint: string
}

/** What saving and deleting need to know of what is there. */
export type DraftState =
  | {
      readonly state: 'kept'
      readonly number: number
      readonly version: number
      readonly fingerprint: string
      readonly html: string
    }
  | { readonly state: 'gone' }

export interface DraftStore {
  find(accountId: AccountId, draftId: string): Promise<DraftRow | null>
  /** Newest first, of versions below one. */
  list(accountId: AccountId, below: number, limit: number): Promise<readonly DraftRow[]>
  /** Forgets some of those that were gone before then, the oldest first; returns how many. Events that name them are void. */
  prune(beforeMicros: number): Promise<number>
}

export interface DraftWrites {
  find(accountId: AccountId, draftId: string): Promise<DraftState | null>
  count(accountId: AccountId): Promise<number>
  /** In the place of what was there; files that it no longer names are looked at. */
  put(draft: SavedDraft): Promise<void>
  /** Keeps that it is gone, also where there was none. */
  remove(accountId: AccountId, draftId: string): Promise<void>
}

export function presentDraft(row: DraftRow): Draft {
  return { ...headerOf(row, Number.POSITIVE_INFINITY), html: row.html }
}

export function presentDraftHeader(row: Omit<DraftRow, 'html'>): DraftHeader {
  return headerOf(row, limits.recipientsInLists)
}

function headerOf(row: Omit<DraftRow, 'html'>, most: number): DraftHeader {
  const { draftId, version, to, cc, bcc, subject, preview, inReplyTo, forwardOf, attachments, updatedMicros } = row
  return {
    id: draftId,
    version,
    to: to.slice(0, most),
    cc: cc.slice(0, most),
    bcc: bcc.slice(0, most),
    subject,
    preview,
    inReplyTo,
    forwardOf,
    attachments: [...attachments],
    updatedAt: isoTime(updatedMicros),
  }
}
