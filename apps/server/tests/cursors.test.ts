/** L6: which history a position belongs to. And what a mark is worth when one comes back (L5). */
import type { ConversationId, Cursor } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createPeople,
  createTestDatabase,
  newKey,
  openDirect,
  type Person,
  SocketClient,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const say = (person: Person, conversationId: ConversationId, body: string) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body })

async function cursorOf(person: Person, conversationId: ConversationId): Promise<Cursor> {
  const { head, epoch } = await person.call('message.list', { conversationId })
  return { epoch, sequence: head.sequence, micros: head.micros }
}

test('L6: a cursor reads on only if its own event is there and happened then', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await say(ana, direct, 'one')
  const cursor = await cursorOf(ana, direct)
  await say(bo, direct, 'two')
  const read = (changed: Partial<Cursor>) =>
    ana.call('stream.read', { stream: direct, cursor: { ...cursor, ...changed } })
  expect((await read({})).items.map(({ kind }) => kind)).toEqual(['message.created'])
  expect((await read({ sequence: 0, micros: 0 })).items).toHaveLength(3)
  for (const changed of [
    { micros: cursor.micros + 1 },
    { epoch: 'another' },
    { sequence: cursor.sequence + 100 },
    { sequence: cursor.sequence - 1 },
  ]) {
    await expect(read(changed)).rejects.toMatchObject({ code: 'cursor-gone' })
  }
})

test('L6: a page further on is read with the same cursor, which still has to be there; none lies before it', async () => {
  const [ana, bo, eve] = await createPeople(server, 3)
  const direct = await openDirect(ana, bo)
  const cursor = await cursorOf(ana, direct)
  for (const body of ['one', 'two', 'three']) await say(ana, direct, body)
  const read = (after: number, reader = ana, micros = cursor.micros) =>
    reader.call('stream.read', { stream: direct, cursor: { ...cursor, micros }, after, limit: 2 })
  const [first, second] = await Promise.all([read(cursor.sequence), read(cursor.sequence + 2)])
  const whole = await ana.call('stream.read', { stream: direct, cursor })
  expect([...first.items, ...second.items]).toEqual(whole.items)
  expect((await read(cursor.sequence + 50)).items).toEqual([])
  expect((await read(Number.MAX_SAFE_INTEGER)).items).toEqual([])
  await expect(read(cursor.sequence + 2, ana, cursor.micros + 1)).rejects.toMatchObject({ code: 'cursor-gone' })
  await expect(read(cursor.sequence - 1)).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(read(cursor.sequence + 2, eve)).rejects.toMatchObject({ code: 'not-found' })
})

test('L6: a mark of another history, or of no form at all, starts over', async () => {
  const [ana] = await createPeople(server, 1)
  await using socket = await ana.connect()
  const { mark } = await socket.until(() => socket.frames('caught-up').at(0))
  for (const [shown, moved] of [
    [mark, expect.any(Array)],
    [`other${mark}`, null],
    ['nonsense', null],
  ] as const) {
    await using again = await SocketClient.open(server.url)
    const resumed = await again.resume(ana.token, shown)
    expect(resumed.moved).toEqual(moved)
  }
})

test('L6: a restored history has another epoch: cursors and marks of the old one are gone', async () => {
  await using database = await createTestDatabase()
  let cursor: Cursor
  let direct: ConversationId
  let token: string
  let mark: string
  {
    await using before = await startServer({ database })
    const [ana, bo] = await createPeople(before, 2)
    direct = await openDirect(ana, bo)
    await say(ana, direct, 'hello')
    cursor = await cursorOf(ana, direct)
    token = ana.token
    await using socket = await ana.connect()
    mark = (await socket.until(() => socket.frames('caught-up').at(0))).mark
  }
  const client = await connectDedicated({ address: database.address, applicationName: 'restore', logger: silentLogger })
  await client.query("update settings set value = 'restored' where name = 'epoch'")
  await client.end()
  await using after = await startServer({ database })
  await using socket = await SocketClient.open(after.url)
  const resumed = await socket.resume(token, mark)
  expect(resumed).toMatchObject({ epoch: 'restored', moved: null })
  const request = { stream: direct, cursor }
  expect(await socket.request('stream.read', request)).toMatchObject({ problem: { code: 'cursor-gone' } })
})

test('L5: everything up to the mark of caught-up was sent or is told as moved', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const withBo = await openDirect(ana, bo)
  const withCy = await openDirect(ana, cy)
  await using socket = await ana.connect()
  const { mark } = await socket.until(() => socket.frames('caught-up').at(0))
  await socket[Symbol.asyncDispose]()
  const { sequence } = await say(bo, withBo, 'while away')
  await using again = await SocketClient.open(server.url)
  const { moved, head } = await again.resume(ana.token, mark)
  const told = new Map(moved?.map(entry => [entry.stream, entry.sequence]))
  expect(told.get(withBo)).toBe(sequence)
  expect(told.get(ana.id)).toBe(head.sequence)
  const caughtUp = await again.until(() => again.frames('caught-up').at(0))
  await say(cy, withCy, 'after')
  await again.until(() => again.bodies(withCy).includes('after'))
  await using third = await SocketClient.open(server.url)
  const { moved: since } = await third.resume(ana.token, caughtUp.mark)
  expect(since?.find(entry => entry.stream === withCy)?.sequence).toBe(again.sequences(withCy).at(-1))
})

test('L6: history pages meet without gap or overlap, both ways and around', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  for (let number = 1; number <= 25; number++) await say(number % 2 === 0 ? ana : bo, direct, String(number))
  const all = (await ana.call('message.list', { conversationId: direct })).items.map(({ sequence }) => sequence)
  expect(all).toHaveLength(25)
  const pages = async (
    step: (edge: number | undefined) => { before?: number; after?: number },
    newest: 'first' | 'last',
  ) => {
    const found: number[] = []
    for (let edge: number | undefined; ; ) {
      const page = await ana.call('message.list', { conversationId: direct, limit: 7, ...step(edge) })
      const sequences = page.items.map(({ sequence }) => sequence)
      if (newest === 'first') found.unshift(...sequences)
      else found.push(...sequences)
      if (newest === 'first' ? !page.hasOlder : !page.hasNewer) return found
      edge = newest === 'first' ? sequences[0] : sequences.at(-1)
    }
  }
  expect(await pages(before => (before === undefined ? {} : { before }), 'first')).toEqual(all)
  expect(await pages(after => ({ after: after ?? 0 }), 'last')).toEqual(all)
  const around = await ana.call('message.list', { conversationId: direct, around: all[12] ?? 0, limit: 6 })
  expect(around.items.map(({ sequence }) => sequence)).toEqual(all.slice(9, 15))
  expect([around.hasOlder, around.hasNewer]).toEqual([true, true])
})
