/** Searches a large cache inside a page, as the app does; the test that opened the page reads what it took. */
import type { Account, Conversation, ConversationId, Message, SessionId } from '@recado/protocol'
import { createSystemClock, createSystemRandom } from '../adapters/system.ts'
import type { Core } from '../engine/core.ts'
import { createConversationState, Model } from '../engine/model.ts'
import { Writer } from '../engine/writer.ts'
import { MessageSearch } from '../search/search.ts'
import type { MessageSearchResult } from '../types.ts'
import { createIndexedDbCaches } from './indexeddb-cache.ts'

export interface SearchFigures {
  readonly firstMs: number
  /** Until the first search told of its first hits. */
  readonly firstHitsMs: number
  readonly laterMs: number
  readonly rareMs: number
  /** The longest that anything else had to wait for its turn. */
  readonly blockedMs: number
  readonly bodies: readonly string[]
}

declare global {
  interface Window {
    measureSearch: (conversations: number, each: number) => Promise<SearchFigures>
  }
}

const words =
  'a reunião de amanhã fica às nove na sala grande with some english words y también palabras en español'.split(' ')

window.measureSearch = async (conversations, each) => {
  const cache = await createIndexedDbCaches().open('search', () => undefined)
  const model = new Model({ id: 1 } as unknown as Account, 1 as unknown as SessionId)
  for (let id = 1; id <= conversations; id += 1) await fill(id as ConversationId, each)
  const owner = { stored: nothing, stale: nothing, gone: nothing, failed: async () => 0 }
  const writer = new Writer(cache, 1_000_000, owner)
  const search = new MessageSearch({ clock: createSystemClock(), random: createSystemRandom(), model, writer } as Core)
  const beat = startBeat()
  let firstHitsMs = 0
  const progress = () => {
    firstHitsMs ||= performance.now() - from
  }
  const from = performance.now()
  const [firstMs] = await timed(() => search.find('espanol', { limit: 1_000_000, progress }))
  const [laterMs] = await timed(() => search.find('reun gran', { limit: 200 }))
  const [rareMs, rare] = await timed(() => search.find('zebra', {}))
  return { firstMs, firstHitsMs, laterMs, rareMs, blockedMs: beat.end(), bodies: bodiesOf(rare) }

  async function fill(id: ConversationId, count: number): Promise<void> {
    const conversation = {
      id,
      createdAt: `2026-01-01T00:00:${String(id % 60).padStart(2, '0')}.000Z`,
      lastMessage: null,
      head: { sequence: count },
    }
    const followed = {
      conversation: conversation as unknown as Conversation,
      cursor: { epoch: 'e', sequence: count, micros: 0 },
      counted: 0,
      positionsVersion: null,
      reported: { delivered: 0, read: 0 },
    }
    model.conversations.set(id, createConversationState(followed))
    await cache.write(['conversations', 'messages'], async rows => {
      await rows.put('conversations', id, { ...followed, from: 1, complete: true, messages: count })
      const puts = Array.from({ length: count }, (_, at) => {
        const tail = id === 1 && at === 7 ? ' zebra' : ''
        return rows.put('messages', [id, at + 1], createMessage(id, at + 1, tail))
      })
      await Promise.all(puts)
    })
  }
}

function createMessage(conversationId: ConversationId, sequence: number, tail: string): Message {
  const length = 6 + (sequence % 20)
  const body = Array.from({ length }, (_, at) => words[(sequence * 7 + at * 13) % words.length]).join(' ') + tail
  return {
    conversationId,
    sequence,
    ordinal: sequence,
    authorId: 1 + (sequence % 9),
    clientMessageId: `key-${conversationId}-${sequence}`,
    body,
    replyTo: null,
    mentions: [],
    reactions: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    editedAt: null,
    deletedAt: null,
    version: 1,
  } as unknown as Message
}

function nothing(): undefined {
  return undefined
}

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [number, Result]> {
  const from = performance.now()
  const result = await work()
  return [performance.now() - from, result]
}

function bodiesOf(result: MessageSearchResult): readonly string[] {
  return result.groups.flatMap(group => group.hits.map(hit => hit.body))
}

function startBeat() {
  const { port1, port2 } = new MessageChannel()
  let last = performance.now()
  let worst = 0
  port1.onmessage = () => {
    const now = performance.now()
    worst = Math.max(worst, now - last)
    last = now
    setTimeout(() => port2.postMessage(null), 1)
  }
  port2.postMessage(null)
  return {
    end() {
      port1.close()
      return worst
    },
  }
}
