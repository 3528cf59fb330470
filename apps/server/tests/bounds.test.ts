/** L10: a reader that does not read owes nobody memory, loses nothing, and harms only itself. */
import type { Socket } from 'node:net'
import { type ConversationId, limits, type StreamHead } from '@recado/protocol'
import {
  collectGarbage,
  createGroup,
  createPeople,
  newKey,
  type Person,
  type SocketClient,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const body = 'x'.repeat(limits.bodyLength)

/** Sends so many large messages, a few at a time. */
async function flood(sender: SocketClient, conversationId: ConversationId, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 20) {
    await Promise.all(
      Array.from({ length: Math.min(20, count - sent) }, () =>
        sender.call('message.send', { conversationId, clientMessageId: newKey(), body }),
      ),
    )
  }
}

function stopReading(client: SocketClient): Socket {
  const stream = (client.socket as unknown as { _socket: Socket })._socket
  stream.pause()
  return stream
}

async function readAll(client: SocketClient, person: Person, { stream, sequence }: StreamHead): Promise<number[]> {
  const { epoch } = server.running.context.store
  const found: number[] = []
  for (let cursor = { epoch, sequence: 0, micros: 0 }; cursor.sequence < sequence; ) {
    const { items } = await person.call('stream.read', { stream, cursor, limit: 100 })
    const last = items.at(-1)
    if (last === undefined) break
    found.push(...items.map(item => item.sequence))
    cursor = { ...cursor, sequence: last.sequence, micros: last.micros }
  }
  expect(client.closed).toBeNull()
  return found
}

test('L10: while a reader does not read, the server keeps little for it; when it reads again it learns what it missed', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo, cy])
  await using sender = await ana.connect()
  await using neighbour = await cy.connect()
  const slow = await Promise.all(Array.from({ length: 8 }, () => bo.connect()))
  await using closing = new AsyncDisposableStack()
  for (const client of slow) closing.use(client)
  const streams = slow.map(stopReading)
  collectGarbage()
  const before = process.memoryUsage().arrayBuffers
  const count = 1_000
  await flood(sender, group, count)
  await neighbour.until(() => neighbour.bodies(group).length === count, 'the neighbour’s messages', 20_000)
  // Twenty megabytes were said to each of eight: more than one each, and what the kernel took, is kept for nobody.
  collectGarbage()
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024)
  const { head } = await ana.call('conversation.get', { conversationId: group })
  for (const stream of streams) stream.resume()
  const [one] = slow
  if (one === undefined) throw new Error('nobody is slow')
  const told = await one.until(
    () =>
      one
        .frames('behind')
        .flatMap(({ streams: heads }) => heads)
        .find(({ stream }) => stream === group),
    'a frame that says how far behind',
  )
  expect(told.sequence).toBe(head.sequence)
  const live = one.sequences(group)
  expect(live.length).toBeLessThan(count)
  expect(live).toEqual(live.map((_, index) => (live[0] ?? 0) + index))
  expect((await readAll(one, bo, told)).length).toBe(head.sequence)
  await sender.call('message.send', { conversationId: group, clientMessageId: newKey(), body: 'live again' })
  await one.until(() => one.bodies(group).includes('live again'))
  expect(one.sequences(group).at(-1)).toBe(head.sequence + 1)
  const order = one.pushed.map(({ type }) => type)
  expect(order.indexOf('caught-up', order.indexOf('behind'))).toBeGreaterThan(0)
}, 60_000)

test('L10: what a slow reader asked for waits until it reads, in order', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  await using sender = await ana.connect()
  await flood(sender, group, 100)
  const { epoch } = server.running.context.store
  const page = await bo.call('stream.read', { stream: group, cursor: { epoch, sequence: 0, micros: 0 }, limit: 1_000 })
  expect(JSON.stringify(page).length).toBeLessThan(2 * limits.unsentBytes)
  await using client = await bo.connect()
  const stream = stopReading(client)
  const ids = Array.from({ length: 30 }, () => client.post('message.list', { conversationId: group, limit: 100 }))
  await using other = await bo.connect()
  await other.settle()
  stream.resume()
  for (const id of ids) await client.until(() => client.replies.get(id), 'a page', 20_000)
  expect([...client.replies.keys()].filter(id => ids.includes(id))).toHaveLength(30)
}, 60_000)
