/** Fills IndexedDB in a page until the browser says that there is no room, then writes text; the test reads the outcome. */
import type { Conversation, ConversationId, Message } from '@recado/protocol'
import { CacheFullError } from '../cache/cache.ts'
import { appendEntry } from '../cache/outbox-rows.ts'
import { Writer } from '../engine/writer.ts'
import { createIndexedDbCaches } from './indexeddb-cache.ts'

export interface FullFigures {
  readonly stored: number
  readonly left: number
  readonly unsent: number
  readonly givenUp: boolean
}

declare global {
  interface Window {
    fillUp: () => Promise<FullFigures>
    /** Resolves once the cache was taken away. */
    awaitTheEnd: () => Promise<string>
  }
}

const id = 1 as ConversationId
/** What does not get smaller by being compressed. */
function noise(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  return Array.from(bytes, byte => String.fromCharCode(0x4e00 + byte * 37)).join('')
}

/** Far above what the test allows: a browser that never says that it is full is no endless loop. */
const mostMessages = 1_000

window.fillUp = async () => {
  const cache = await createIndexedDbCaches().open('full', () => undefined)
  const conversation = { id } as Conversation
  const row = { conversation, cursor: { epoch: 'e', sequence: 0, micros: 0 }, from: 1, complete: true }
  const rest = { positionsVersion: null, counted: 0, reported: { delivered: 0, read: 0 } }
  let stored = 0
  for (let full = false; !full && stored < mostMessages; ) {
    const next = stored + 1
    const written = cache.write(['conversations', 'messages'], async rows => {
      await rows.put('messages', [id, next], { conversationId: id, sequence: next, body: noise() } as Message)
      await rows.put('conversations', id, { ...row, ...rest, messages: next })
    })
    await written.then(
      () => {
        stored = next
      },
      (error: unknown) => {
        if (!(error instanceof CacheFullError)) throw error
        full = true
      },
    )
  }
  let givenUp = false
  const failed = async () => {
    givenUp = true
    return 0
  }
  const nothing = () => undefined
  const writer = new Writer(cache, 1_000_000, { stored: nothing, stale: nothing, gone: nothing, failed })
  writer.countMessages(stored)
  const entry = { id: 'a', conversationId: id, clientMessageId: 'a', createdAt: '', tried: false, refused: null }
  const text = { body: noise(), replyTo: null, mentions: [] }
  await writer.transact(open => appendEntry(open, { ...entry, ...text }))
  const left = await cache.read(['messages'], rows => rows.count('messages'))
  const unsent = await cache.read(['outbox'], rows => rows.count('outbox'))
  await cache.close()
  return { stored, left, unsent, givenUp }
}

window.awaitTheEnd = async () => {
  const gone = Promise.withResolvers<void>()
  const cache = await createIndexedDbCaches().open('taken', gone.resolve)
  await cache.write(['people'], rows => rows.clear('people'))
  document.title = 'open'
  await gone.promise
  return cache
    .write(['people'], rows => rows.clear('people'))
    .then(
      () => 'written',
      (error: Error) => error.name,
    )
}
