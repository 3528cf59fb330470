/** Starting and stopping: fast, in order, and with everybody told. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createPeople,
  createTestDatabase,
  newKey,
  openDirect,
  postOperation,
  SocketClient,
  silentLogger,
  startServer,
} from '@recado/testkit'
import { expect, test } from 'vitest'
import { startProcess } from './own-process.ts'

test('a server that stops answers what is under way, then tells its sockets to come back', async () => {
  await using database = await createTestDatabase()
  const server = await startServer({ database })
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await using socket = await ana.connect()
  await using idle = await bo.connect()
  await using silent = await SocketClient.open(server.url)
  const { address } = database
  const observer = await connectDedicated({ address, applicationName: 'observer', logger: silentLogger })
  await observer.query('begin')
  await observer.query('select 1 from heads where stream_id = $1 for update', [direct])
  const id = socket.post('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'under way' })
  await socket.settle()
  const stopping = server[Symbol.asyncDispose]()
  await idle.untilClosed()
  expect(socket.closed).toBeNull()
  await observer.query('commit')
  const reply = await socket.until(() => socket.replies.get(id))
  expect(reply).toHaveProperty('result')
  const codes = [await socket.untilClosed(), idle.closed?.code, await silent.untilClosed()]
  expect(codes).toEqual([4000, 4000, 4000])
  await stopping
  await observer.end()
})

test('S5: a server that stops waits neither for idle connections nor for readers that do not read', async () => {
  await using database = await createTestDatabase()
  const server = await startServer({ database })
  const [ana] = await createPeople(server, 1)
  await using deaf = await ana.connect()
  deaf.socket.pause()
  const streaming = await fetch(`${server.url}/v1/events`, { headers: { authorization: `Bearer ${ana.token}` } })
  const startedAt = performance.now()
  await server[Symbol.asyncDispose]()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  await streaming.body?.cancel().catch(() => undefined)
})

test('SIGTERM with sockets open ends the process in order within 10 s, and the next one has everything', async () => {
  await using database = await createTestDatabase()
  const first = await startProcess(database.url)
  const [ana, bo] = await createPeople(first, 2)
  const direct = await openDirect(ana, bo)
  await using one = await ana.connect()
  await using other = await bo.connect()
  const acknowledged: number[] = []
  const pouring = pour(one, direct, acknowledged)
  await other.until(() => other.bodies(direct).length >= 50)
  const startedAt = performance.now()
  expect(await first.stop()).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect([await one.untilClosed(), await other.untilClosed()]).toEqual([4000, 4000])
  await pouring
  const second = await startProcess(database.url)
  const { body } = await postOperation(second.url, 'conversation.get', { conversationId: direct }, ana.token)
  expect(body.head.sequence).toBeGreaterThanOrEqual(Math.max(...acknowledged))
  expect(await second.stop()).toBe(0)
}, 60_000)

/** Sends until the socket closes; keeps the sequences that were acknowledged. */
async function pour(socket: SocketClient, direct: Awaited<ReturnType<typeof openDirect>>, acknowledged: number[]) {
  while (socket.closed === null) {
    const request = { conversationId: direct, clientMessageId: newKey(), body: 'x' }
    const sent = await socket.call('message.send', request).catch(() => null)
    if (sent !== null) acknowledged.push(sent.sequence)
  }
}

test.each([
  ['elsewhere', '/v1/elsewhere', ''],
  ['from a foreign origin', '/v1/socket', 'Origin: https://foreign.example\r\n'],
])('a refused upgrade %s holds up no stop, though its peer never closes', async (_name, path, header) => {
  const server = await startServer()
  const { hostname, port } = new URL(server.url)
  const peer = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  peer.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${header}\r\n`)
  await once(peer.resume(), 'end')
  await server[Symbol.asyncDispose]()
  peer.destroy()
})
