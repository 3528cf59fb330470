/** What the store is asked for a query of words and quoted phrases: everywhere, unless something else is said. */
import type { AccountId } from '@recado/protocol'
import { searchWords } from '@recado/server/store/folding.ts'
import type { SearchRequest } from '@recado/server/store/search.ts'

export type Asked = Partial<Omit<SearchRequest, 'accountId' | 'beginnings' | 'phrases'>>

export function searchRequest(accountId: AccountId, text: string, asked: Asked = {}): SearchRequest {
  return {
    accountId,
    beginnings: searchWords(text.replace(/"[^"]*"/g, ' ')),
    phrases: [...text.matchAll(/"([^"]*)"/g)].map(match => searchWords(match[1] ?? '').join(' ')),
    from: null,
    to: null,
    has: [],
    unread: 'any',
    starred: 'any',
    afterMicros: null,
    beforeMicros: null,
    conversations: 'all',
    mails: 'usual',
    before: Number.MAX_SAFE_INTEGER,
    limit: 50,
    ...asked,
  }
}
