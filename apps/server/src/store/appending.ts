/** What the message lane appends, and what becomes of it. */
import type { AccountId, Attachment, ConversationId, MessageId } from '@recado/protocol'

/** One send on its way into the log. `fingerprint` tells another content under the same key (L3). */
export interface SendEntry {
  readonly op: 'send'
  readonly conversationId: ConversationId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
  readonly body: string
  readonly replyTo: number | null
  readonly mentions: readonly AccountId[]
  /** Who first wrote what is forwarded. */
  readonly forwardedFrom: AccountId | null
  /** The sender's own that are ready, or those of the message that is forwarded; looked at again when it is written. */
  readonly attachments: readonly Attachment[]
}

/** An edit, a deletion or a reaction: it changes the message at `target` and appends an event. */
export interface ChangeEntry {
  readonly op: 'edit' | 'delete' | 'react' | 'unreact'
  readonly conversationId: ConversationId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
  readonly target: number
  /** The new body of an edit. */
  readonly body: string | null
  readonly mentions: readonly AccountId[]
  readonly emoji: string | null
}

export type AppendEntry = SendEntry | ChangeEntry

export type AppendRefusal =
  | 'not-found'
  | 'forbidden'
  | 'key-reused'
  | 'message-deleted'
  | 'limit-reached'
  | 'attachment-unavailable'

/**
 * What became of one entry: appended now, known from an earlier attempt (the first's result), or refused without a
 * trace. `id` and `ordinal` are a send's; `version` is a change's.
 */
export type AppendOutcome =
  | {
      readonly outcome: 'appended' | 'known'
      readonly sequence: number
      readonly micros: number
      readonly id: MessageId
      readonly ordinal: number
      readonly version: number
    }
  | { readonly outcome: 'refused'; readonly code: AppendRefusal }
