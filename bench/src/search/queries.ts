/** Searching among many messages, as one reader does it: one request after another, over HTTP. */

import type { Ticket } from '../driver/job.ts'
import { call, type Place, quantile, timeCall } from '../mail/call.ts'
import { startRecado } from '../targets/recado.ts'

export interface QueryFigure {
  readonly what: string
  readonly p50: number
  readonly p95: number
  /** Of the page that is shown: most hits, in the median. */
  readonly hits: number
}

export interface Searched {
  readonly figures: readonly QueryFigure[]
  readonly visible: number
  readonly filling: { readonly perSecond: number }
}

const conversationCount = 100
const readers = 40
const membersEach = 20
const vocabularySize = 20_000
const repeats = 100
const elsewhere = 'nordpier'

/** Made-up words of two to four syllables, the same in each run. */
function createVocabulary(): readonly string[] {
  const parts = 'ba ce di fo gu la me ni po ru sa te vi xo zu ca de fi go lu'.split(' ')
  const words = new Set<string>()
  for (let state = 1; words.size < vocabularySize; ) {
    let word = ''
    const syllables = 2 + (state % 3)
    for (let count = 0; count < syllables; count++) {
      state = (state * 48_271) % 2_147_483_647
      word += parts[state % parts.length]
    }
    words.add(word)
  }
  return [...words]
}

export async function measureQueries(messages: number, mails: number): Promise<Searched> {
  await using target = await startRecado([])
  const people = await target.createTickets(200)
  const [reader, ...others] = people
  if (reader === undefined) throw new Error('there is nobody')
  const place: Place = { port: target.port, pid: target.server.pid }
  const conversations = await createGroups(place, reader, others)
  const vocabulary = createVocabulary()
  await target.seedSearch({
    conversations,
    authors: people.map(person => person.accountId),
    count: messages,
    vocabulary,
    elsewhere: { word: elsewhere, conversations: conversations.slice(readers) },
  })
  await target.seedMailbox({ reader, authors: others.slice(0, 50), count: mails })
  const filling = await target.fillSearch()
  const visible = await target.countVisible(reader)

  const figures: QueryFigure[] = []
  const measure = async (what: string, queryOf: (index: number) => { query: string } & Record<string, unknown>) => {
    const times: number[] = []
    const hits: number[] = []
    for (let index = 0; index < repeats; index++) {
      const { ms, result } = await timeCall<{ items: { items: unknown[] }[] }>(
        place,
        reader,
        'search.find',
        queryOf(index),
      )
      times.push(ms)
      hits.push(result.items.reduce((sum, group) => sum + group.items.length, 0))
    }
    figures.push({ what, p50: quantile(times, 0.5), p95: quantile(times, 0.95), hits: quantile(hits, 0.5) })
  }
  const word = (place: number) => vocabulary[place] ?? ''
  await measure('the most frequent word', () => ({ query: word(0) }))
  await measure('a common word (one message in ten)', index => ({ query: word(8 + (index % 5)) }))
  await measure('two common words', index => ({ query: `${word(8 + (index % 5))} ${word(20 + (index % 7))}` }))
  await measure('a word of one message in 400', index => ({ query: word(450 + index) }))
  await measure('a rare word (some eighty messages)', index => ({ query: word(14_000 + index * 50) }))
  await measure('two letters, as one begins to type', index => ({ query: word(100 + index * 7).slice(0, 2) }))
  await measure('a phrase of two common words', index => ({ query: `"${word(index % 6)} ${word(6 + (index % 5))}"` }))
  await measure('a phrase of rare words, which nobody wrote', index => ({
    query: `"${word(9_000 + index)} ${word(12_000 + index)}"`,
  }))
  await measure('a word that is common where one is no member', () => ({ query: elsewhere }))
  await measure('a word that nobody wrote', index => ({ query: `qqq${index}` }))
  await measure('from: and has:link, without words', index => ({ query: `from:bench${2 + (index % 100)} has:link` }))
  await measure('a common word in one conversation', index => ({
    query: word(8),
    conversationId: conversations[index % readers],
  }))
  await measure('in mail only', index => ({
    query: `in:mail ${['crane', 'reuniao', 'manana', 'invoice "customs manifest"'][index % 4]}`,
  }))
  return { figures, visible, filling }
}

/** Groups of people who are in several; the reader is in the first of them. */
async function createGroups(place: Place, reader: Ticket, others: readonly Ticket[]): Promise<number[]> {
  const created: number[] = []
  for (let index = 0; index < conversationCount; index++) {
    const members = Array.from({ length: membersEach }, (_, each) => others[(index * 7 + each * 3) % others.length])
    const [owner, ...more] = members.filter(member => member !== undefined)
    if (owner === undefined) throw new Error('there is nobody')
    const accountIds = [...new Set([...more, ...(index < readers ? [reader] : [])].map(({ accountId }) => accountId))]
    const data = {
      key: `group.${index}`,
      name: `Group ${index}`,
      accountIds: accountIds.filter(id => id !== owner.accountId),
    }
    created.push((await call<{ id: number }>(place, owner, 'conversation.create', data)).id)
  }
  return created
}
