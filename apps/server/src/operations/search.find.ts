import {
  type AccountId,
  type ConversationId,
  type FoundGroup,
  limits,
  type MailFolder,
  parseSearchQuery,
  type SearchQuery,
} from '@recado/protocol'
import { formatNumber, parseNumber } from '../access/place.ts'
import { findVisible } from '../access/search.ts'
import { isoTime } from '../clock.ts'
import type { Context } from '../context.ts'
import { searchWords } from '../store/folding.ts'
import type { FoundMailRow, FoundMessageRow, FoundRow, SearchRequest } from '../store/search.ts'
import { handle } from './handler.ts'
import { snippetOf, type Wanted } from './snippet.ts'

type Places = Pick<SearchRequest, 'conversations' | 'mails'>

const folders: readonly MailFolder[] = ['inbox', 'archive', 'trash', 'spam', 'sent', 'unsent']

export const searchFind = handle('search.find', async ({ store }, input, { accountId }) => {
  const { query: text, conversationId, next, limit = defaultLimit } = input
  const query = parseSearchQuery(text)
  const unknown = [...query.unknown]
  const beginnings = query.words.flatMap(searchWords).slice(0, termsAtMost)
  const phrases = query.phrases.map(phrase => searchWords(phrase).slice(0, termsAtMost).join(' ')).filter(Boolean)
  const named = { from: await findNamed(store, query.from, accountId), to: await findNamed(store, query.to, accountId) }
  const places = await findPlaces({ store, accountId, unknown }, query, conversationId ?? null)
  for (const operator of ['from', 'to'] as const) {
    if (named[operator]?.length === 0) unknown.push(...query[operator].map(value => `${operator}:${value}`))
  }
  if (unknown.length > 0 || !asksForAnything(query, beginnings, phrases)) return { items: [], next: null, unknown }
  const { rows, last } = await findVisible(store, {
    accountId,
    beginnings,
    phrases,
    ...named,
    has: query.has,
    unread: query.is.includes('unread') ? 'only' : 'any',
    starred: query.is.includes('starred') ? 'only' : 'any',
    afterMicros: microsOf(query.after),
    beforeMicros: microsOf(query.before),
    ...places,
    before: next === undefined ? Number.MAX_SAFE_INTEGER : parseNumber(next),
    limit,
  })
  const wanted = { beginnings, whole: new Set(phrases.flatMap(phrase => phrase.split(' '))) }
  return { items: group(rows, wanted), next: formatNumber(last ?? undefined), unknown }
})

const defaultLimit = Math.min(20, limits.foundPerPage)
/** What a person types; more says nothing more. */
const termsAtMost = 12

function asksForAnything(query: SearchQuery, beginnings: readonly string[], phrases: readonly string[]): boolean {
  const { from, to, has, is, before, after } = query
  const isFiltered = [from, to, has, is].some(list => list.length > 0) || before !== null || after !== null
  const isWorded = beginnings.length > 0 || phrases.length > 0
  // Signs alone ask for something that no index of words has.
  return isWorded || (isFiltered && query.words.length === 0 && query.phrases.length === 0)
}

/** Null where nobody is named; empty where the names are nobody's. */
async function findNamed(
  { search }: Pick<Context['store'], 'search'>,
  names: readonly string[],
  self: AccountId,
): Promise<readonly AccountId[] | null> {
  if (names.length === 0) return null
  const found = await Promise.all(
    names.slice(0, termsAtMost).map(name => (name.toLowerCase() === 'me' ? [self] : search.findPeople(name))),
  )
  return [...new Set(found.flat())]
}

interface Asking {
  readonly store: Pick<Context['store'], 'search'>
  readonly accountId: AccountId
  readonly unknown: string[]
}

async function findPlaces(
  { store, accountId, unknown }: Asking,
  { in: names }: SearchQuery,
  conversationId: ConversationId | null,
): Promise<Places> {
  if (conversationId !== null) return { conversations: [conversationId], mails: 'none' }
  if (names.length === 0) return { conversations: 'all', mails: 'usual' }
  let conversations: 'all' | Set<ConversationId> = new Set()
  let mails: SearchRequest['mails'] = 'none'
  for (const name of names.slice(0, termsAtMost)) {
    const folder = folders.find(each => each === name.toLowerCase())
    if (folder !== undefined) mails = folder
    else if (name.toLowerCase() === 'mail') mails = 'usual'
    else if (name.toLowerCase() === 'chat') conversations = 'all'
    else {
      const found = await store.search.findConversations(accountId, name)
      if (found.length === 0) unknown.push(`in:${name}`)
      if (conversations !== 'all') conversations = new Set([...conversations, ...found])
    }
  }
  return { conversations: placesOf(conversations), mails }
}

function placesOf(conversations: 'all' | ReadonlySet<ConversationId>): Places['conversations'] {
  if (conversations === 'all') return 'all'
  return conversations.size === 0 ? 'none' : [...conversations]
}

/** Times that no message has stand for ever. */
function microsOf(ms: number | null): number | null {
  return ms === null ? null : Math.max(Math.min(ms * 1_000, Number.MAX_SAFE_INTEGER), 0)
}

/** By where they stand, each place where its newest is. */
function group(rows: readonly FoundRow[], wanted: Wanted): FoundGroup[] {
  const places = Map.groupBy(rows, row =>
    row.kind === 'mail' ? `thread ${row.threadId}` : `chat ${row.conversationId}`,
  )
  return [...places.values()].flatMap((found): FoundGroup[] => {
    const [first] = found
    if (first === undefined) return []
    if (first.kind === 'mail') {
      const mails = found.flatMap(row => (row.kind === 'mail' ? [presentMail(row, wanted)] : []))
      return [{ kind: 'thread', threadId: first.threadId, items: mails }]
    }
    const messages = found.flatMap(row => (row.kind === 'message' ? [presentMessage(row, wanted)] : []))
    return [{ kind: 'conversation', conversationId: first.conversationId, items: messages }]
  })
}

function presentMessage(row: FoundMessageRow, wanted: Wanted) {
  const { sequence, messageId: id, authorId, createdMicros, text, attachmentCount } = row
  return {
    sequence,
    id,
    authorId,
    createdAt: isoTime(createdMicros),
    snippet: snippetOf(text, wanted),
    attachmentCount,
  }
}

function presentMail(row: FoundMailRow, wanted: Wanted) {
  const { mailId, authorId, sortMicros, folder, subject, text, attachmentCount } = row
  return {
    mailId,
    authorId,
    at: isoTime(sortMicros),
    folder,
    subject: snippetOf(subject, wanted),
    snippet: snippetOf(text, wanted),
    attachmentCount,
  }
}
