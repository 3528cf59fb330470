/**
 * What an engine asks the cache to remember, as data: a batch of these is stored in one transaction, in order, so
 * messages, cursors and the mark move together (L6) and an outbox entry leaves with the storing of its message.
 */
import type {
  BellItem,
  ConversationId,
  MailHeader,
  MemberPosition,
  Message,
  Person,
  PinnedMessage,
  SavedMessage,
  StreamEvent,
} from '@recado/protocol'
import type { CacheWriter } from './cache.ts'
import type { CachedConversation, CachedMeta, SettingsWish } from './rows.ts'

/** A conversation without what only the cache knows: which range of its messages is stored. */
export type FollowedConversation = Omit<CachedConversation, 'from' | 'complete' | 'messages'>

export type Change =
  /** `events` are those after `base`, without holes, up to the cursor in `next`; `sent` are outbox orders they fulfil. */
  | {
      readonly kind: 'follow'
      readonly conversationId: ConversationId
      readonly base: number
      next: FollowedConversation
      readonly events: StreamEvent[]
      readonly sent: number[]
    }
  /**
   * Begins a conversation, or begins it again: its stored pages are dropped and the range is empty at the cursor. `asOf`: up
   * to which event of the account's own stream it is known that one is in it.
   */
  | {
      readonly kind: 'reset'
      readonly conversationId: ConversationId
      readonly next: FollowedConversation
      readonly asOf: number
    }
  /** Every message from `from` to `through`, as of the event `asOf`. */
  | {
      readonly kind: 'page'
      readonly conversationId: ConversationId
      readonly messages: readonly Message[]
      readonly from: number
      readonly through: number
      readonly asOf: number
      readonly end: 'oldest' | 'more'
    }
  | { readonly kind: 'drop'; readonly conversationId: ConversationId }
  | { readonly kind: 'positions'; readonly conversationId: ConversationId; readonly items: readonly MemberPosition[] }
  /** What changed in the bell after the version `base`, up to `version`; after 0 it is all of it. */
  | { readonly kind: 'bell'; readonly items: readonly BellItem[]; readonly base: number; readonly version: number }
  | { readonly kind: 'pins'; readonly conversationId: ConversationId; readonly items: readonly PinnedMessage[] }
  | { readonly kind: 'saves'; readonly items: readonly SavedMessage[] }
  | { readonly kind: 'people'; readonly items: readonly Person[] }
  /** What was set here and is not known to be at the server. */
  | { readonly kind: 'wish'; readonly wish: SettingsWish }
  | { readonly kind: 'fulfilled'; readonly conversationId: ConversationId; readonly key: string }
  | { readonly kind: 'sent'; readonly orders: readonly number[] }
  | { readonly kind: 'meta'; readonly meta: CachedMeta }
  /** `over`: what was known of one's mailbox is dropped before. */
  | { readonly kind: 'mails'; readonly epoch: string; readonly items: readonly MailHeader[]; readonly over?: true }
  /** Of parts that are loaded when they are needed, and know their own rows. */
  | {
      readonly kind: 'run'
      /** Done again if storage fails: it changes nothing but rows. */
      readonly work: (transaction: CacheWriter) => Promise<void>
      readonly stored?: () => void
    }
  /** Another history: everything but the outbox and the wishes goes (L6). */
  | { readonly kind: 'wipe'; readonly meta: CachedMeta }

export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>
