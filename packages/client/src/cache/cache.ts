/**
 * The cache port: what a device remembers of one sign-in, as a handful of sorted stores and serialisable transactions.
 * What the rows mean and how they merge is in `persist.ts`, once, for every adapter.
 *
 * Guarantees an adapter gives: transactions are atomic and serialisable, also between tabs; a write has happened when
 * its promise resolves and survives a crash of the program (`strict`: of the machine too). What breaks without them:
 * a cursor past events that were never stored, or a sent text that nobody remembers.
 *
 * Inside a transaction only its own operations may be awaited: IndexedDB commits as soon as nothing is asked of it.
 */
import type {
  AccountId,
  BellItem,
  ConversationId,
  Mail,
  MailHeader,
  MailId,
  MemberPosition,
  Message,
  Person,
  SessionId,
} from '@recado/protocol'
import type {
  CachedConversation,
  CachedDraft,
  CachedMeta,
  CachedPins,
  CachedSaves,
  MailboxWish,
  MailMeta,
  OutboxEntry,
  SettingsWish,
  SettledSession,
  TakenBack,
} from './rows.ts'

export interface CacheRows {
  readonly meta: { readonly key: 'meta'; readonly row: CachedMeta }
  readonly conversations: { readonly key: ConversationId; readonly row: CachedConversation }
  readonly messages: { readonly key: readonly [ConversationId, number]; readonly row: Message }
  readonly positions: { readonly key: readonly [ConversationId, AccountId]; readonly row: MemberPosition }
  readonly people: { readonly key: AccountId; readonly row: Person }
  readonly bell: { readonly key: number; readonly row: BellItem }
  /** Whole lists, shown until the server has answered anew. */
  readonly pins: { readonly key: ConversationId; readonly row: CachedPins }
  readonly saves: { readonly key: 'saves'; readonly row: CachedSaves }
  /** In the order of sending, over all tabs. */
  readonly outbox: { readonly key: number; readonly row: OutboxEntry }
  /** Settings on their way, by conversation. */
  readonly wishes: { readonly key: ConversationId; readonly row: SettingsWish }
  /**
   * `outbox`: the last place given away in it; one that became free is never given to another entry. `taken`: up to which
   * place what was left unsent by earlier sign-ins was taken over.
   */
  readonly counters: { readonly key: 'outbox' | 'taken'; readonly row: number }
  /** Sign-ins that are over. In the cache of one that is, its own: its outbox then takes and gives nothing any more. */
  readonly settled: { readonly key: SessionId; readonly row: SettledSession }
  /** Entries that somebody took back, in that order: noted where text waits for the next sign-in. */
  readonly takenBack: { readonly key: number; readonly row: TakenBack }
  readonly mailHeaders: { readonly key: MailId; readonly row: MailHeader }
  /** Mails that can be read without a network, with their bodies. */
  readonly mailBodies: { readonly key: MailId; readonly row: Mail }
  readonly mailMeta: { readonly key: 'mail'; readonly row: MailMeta }
  /** Changes of one's mailbox on their way, in order. */
  readonly mailWishes: { readonly key: number; readonly row: MailboxWish }
  readonly drafts: { readonly key: number; readonly row: CachedDraft }
}

export type StoreName = keyof CacheRows
export type RowKey<Store extends StoreName> = CacheRows[Store]['key']
export type Row<Store extends StoreName> = CacheRows[Store]['row']

/** Both ends included. */
export interface KeyRange<Store extends StoreName> {
  readonly from: RowKey<Store>
  readonly to: RowKey<Store>
}

export interface ListOptions<Store extends StoreName> {
  readonly range?: KeyRange<Store>
  readonly limit?: number
  /** By key; `ascending` if not given. */
  readonly order?: 'ascending' | 'descending'
}

export interface CacheReader {
  get<Store extends StoreName>(store: Store, key: RowKey<Store>): Promise<Row<Store> | undefined>
  list<Store extends StoreName>(store: Store, options?: ListOptions<Store>): Promise<Row<Store>[]>
  count<Store extends StoreName>(store: Store, range?: KeyRange<Store>): Promise<number>
}

export interface CacheWriter extends CacheReader {
  put<Store extends StoreName>(store: Store, key: RowKey<Store>, row: Row<Store>): Promise<void>
  /** Removes one row, or all in a range. */
  delete<Store extends StoreName>(store: Store, which: RowKey<Store> | KeyRange<Store>): Promise<void>
  clear(store: StoreName): Promise<void>
}

export type Durability = 'relaxed' | 'strict'

export interface Cache {
  read<Result>(stores: readonly StoreName[], work: (transaction: CacheReader) => Promise<Result>): Promise<Result>
  /** If `work` throws, nothing was written and the promise rejects with what it threw. */
  write<Result>(
    stores: readonly StoreName[],
    work: (transaction: CacheWriter) => Promise<Result>,
    durability?: Durability,
  ): Promise<Result>
  /** Ends it; transactions under way finish, later ones reject. */
  close(): Promise<void>
}

/** The cache of a sign-in that is gone: whoever meets this stops, and never writes again. */
export class CacheGoneError extends Error {
  override readonly name = 'CacheGoneError'
}

/** There is no room to write this; reading and removing may still do. */
export class CacheFullError extends Error {
  override readonly name = 'CacheFullError'
}
