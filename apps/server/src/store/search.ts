/**
 * Search as the store keeps it: words of messages and mails, derived from them by a consumer of the tail. A row that is behind
 * shows nothing: what is found is read from the message or the mail as it is now, together with what decides whether the
 * reader may have it (L8), in one statement.
 */
import type { AccountId, ConversationId, MailFolder, MailId, MessageId, SearchTrait } from '@recado/protocol'
import type { MovedStream } from './store.ts'

export interface SearchRequest {
  readonly accountId: AccountId
  /** Folded: each the beginning of a word. */
  readonly beginnings: readonly string[]
  /** Folded: whole words, one space between them. */
  readonly phrases: readonly string[]
  /** One of these wrote it; null for anybody. */
  readonly from: readonly AccountId[] | null
  /** It went to one of these as a mail; null for anybody. */
  readonly to: readonly AccountId[] | null
  readonly has: readonly SearchTrait[]
  readonly unread: 'only' | 'any'
  readonly starred: 'only' | 'any'
  readonly afterMicros: number | null
  readonly beforeMicros: number | null
  /** Messages of these conversations, of all that the account is in, or none. */
  readonly conversations: readonly ConversationId[] | 'all' | 'none'
  /** Mails of this folder, of all but trash and spam, or none. */
  readonly mails: MailFolder | 'usual' | 'none'
  /** Below this id. */
  readonly before: number
  readonly limit: number
}

interface FoundCommon {
  /** Newest first by it. */
  readonly id: number
  readonly authorId: AccountId
  readonly text: string
  readonly attachmentCount: number
}

export interface FoundMessageRow extends FoundCommon {
  readonly kind: 'message'
  readonly conversationId: ConversationId
  readonly sequence: number
  /** From where on the reader sees the conversation. */
  readonly visibleFrom: number
  readonly messageId: MessageId
  readonly createdMicros: number
}

export interface FoundMailRow extends FoundCommon {
  readonly kind: 'mail'
  readonly mailId: MailId
  readonly threadId: MailId
  readonly subject: string
  readonly folder: MailFolder
  readonly sortMicros: number
}

export type FoundRow = FoundMessageRow | FoundMailRow

export interface SearchStore {
  find(request: SearchRequest): Promise<readonly FoundRow[]>
  /** People by name, e-mail address or username: one whose username it is, else all of whom every word begins one of theirs. */
  findPeople(name: string): Promise<readonly AccountId[]>
  /** Conversations of this account of whose name, or whose other person's, every word of `name` begins a word. */
  findConversations(accountId: AccountId, name: string): Promise<readonly ConversationId[]>
  /** Brings the words of what these commits wrote, edited and deleted up to date; harmless however often. Answers with how many rows it wrote. */
  index(moved: readonly MovedStream[]): Promise<number>
  /** The words of the newest of what was there before search was, or was kept differently. Answers with how many there were. */
  indexPast(limit: number): Promise<number>
}

/** How much of a long text a search reads to show what matched. */
export const shownOfText = 100_000

/** Marks of filters among the words: no word begins with a slash. */
export const markOf: Readonly<Record<SearchTrait, string>> = { attachment: '/t', image: '/i', link: '/l' }

export function newestFirst(rows: readonly FoundRow[], limit: number): FoundRow[] {
  return rows.toSorted((a, b) => b.id - a.id).slice(0, limit)
}
