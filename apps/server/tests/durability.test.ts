/** L2 and what of L3 depends on it: connections to the database that die while something is being committed. */
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createGroup,
  createPeople,
  createTestDatabase,
  newKey,
  openDirect,
  type SocketClient,
  silentLogger,
  startServer,
  type TestDatabase,
  type TestServer,
} from '@recado/testkit'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CutPlace, DatabaseProxy } from './database-proxy.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let server: TestServer
/** Past the proxy. */
let observer: Client
const owned = new AsyncDisposableStack()

beforeAll(async () => {
  database = owned.use(await createTestDatabase())
  proxy = owned.use(await DatabaseProxy.listen(database))
  // Without the jobs, whose commits would be cut instead.
  const env = { DATABASE_URL: proxy.url, RECADO_LOG_LEVEL: 'silent', RECADO_ROLES: 'web,gateway' }
  server = owned.use(await startServer({ database, env }))
  observer = await connectDedicated({ address: database.address, applicationName: 'observer', logger: silentLogger })
  owned.defer(() => observer.end())
})
afterAll(() => owned.disposeAsync())

const simpleCommit = 'Q\u0000\u0000\u0000\u000bcommit\u0000'
const bodies = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`)

function pour(socket: SocketClient, conversationId: number, texts: readonly string[]) {
  return Promise.all(
    texts.map(body => socket.request('message.send', { conversationId, clientMessageId: newKey(), body })),
  )
}

describe.each<CutPlace>(['before', 'after'])('cut %s the statement reached the database', place => {
  test('L2: a batch of messages is written once, in order, and acknowledged', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using anaSocket = await ana.connect()
    await using boSocket = await bo.connect()
    await pour(anaSocket, direct, ['the lane has its connection'])
    const cutsBefore = proxy.cuts
    proxy.cutNext('append_batch', place, 2)
    const replies = await pour(anaSocket, direct, bodies(40))
    expect(proxy.cuts - cutsBefore).toBe(2)
    expect(replies.filter(reply => 'problem' in reply)).toEqual([])
    await boSocket.until(() => boSocket.bodies(direct).length === 41)
    expect(boSocket.bodies(direct).slice(1)).toEqual(bodies(40))
    const { items } = await ana.call('message.list', { conversationId: direct })
    expect(items.map(({ body }) => body).slice(1)).toEqual(bodies(40))
    expect(items.map(({ ordinal }) => ordinal)).toEqual(items.map((_, index) => index + 1))
  })

  test('L2: a wide transaction happens once', async () => {
    const [ana, bo] = await createPeople(server, 2)
    proxy.cutNext(simpleCommit, place)
    const cutsBefore = proxy.cuts
    await using boSocket = await bo.connect()
    const group = await createGroup(ana, [bo], `Cut ${place}`)
    expect(proxy.cuts - cutsBefore).toBe(1)
    expect((await ana.call('conversation.list', {})).items.map(({ id }) => id)).toEqual([group])
    expect((await ana.call('conversation.get', { conversationId: group })).head.sequence).toBe(2)
    await boSocket.until(() => boSocket.events(bo.id).some(event => event.kind === 'conversation.joined'))
    expect(boSocket.events(bo.id).filter(event => event.kind === 'conversation.joined')).toHaveLength(1)
  })

  test('L2: a position is moved and told', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const { sequence } = await ana.call('message.send', {
      conversationId: direct,
      clientMessageId: newKey(),
      body: '1',
    })
    await using anaSocket = await ana.connect()
    proxy.cutNext('move_positions', place)
    await bo.call('position.move', { conversationId: direct, read: sequence })
    const told = await anaSocket.until(() => anaSocket.frames('positions').at(-1))
    expect(told.items).toContainEqual({ accountId: bo.id, delivered: sequence, read: sequence })
  })
})

test('L2: while the writers are killed again and again, every message is acknowledged, once and in its sender’s order', async () => {
  const people = await createPeople(server, 3)
  const [ana, bo, cy] = people
  const group = await createGroup(ana, [bo, cy])
  const sockets = await Promise.all(people.map(person => person.connect()))
  await using closing = new AsyncDisposableStack()
  for (const socket of sockets) closing.use(socket)
  const [reader] = sockets
  if (reader === undefined) throw new Error('nobody reads')
  let pouring = true
  // The next is killed once the one before was made good: faster than that, nobody would get anything done.
  const killing = (async () => {
    for (let killed = 0; killed < 12; ) {
      const known = reader.bodies(group).length
      const { rowCount } = await observer.query(
        `select pid from (select pid from pg_stat_activity where datname = current_database()
            and application_name = 'recado writer' order by random() limit 1) one where pg_terminate_backend(pid, 1000)`,
      )
      killed += rowCount ?? 0
      await reader.until(() => reader.bodies(group).length > known)
    }
    pouring = false
  })()
  const replies = await Promise.all(
    sockets.map(async (socket, who) => {
      const all = []
      for (let round = 0; pouring; round++) {
        all.push(
          ...(await pour(
            socket,
            group,
            bodies(25).map(body => `${who}/${round}/${body}`),
          )),
        )
      }
      return all
    }),
  )
  await killing
  expect(replies.flat().filter(reply => 'problem' in reply)).toEqual([])
  const total = replies.flat().length
  await reader.until(() => reader.bodies(group).length >= total)
  const sequences = reader.sequences(group)
  expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index))
  for (const [who, own] of replies.entries()) {
    const rounds = Array.from({ length: own.length / 25 }, (_, round) => round)
    const sent = rounds.flatMap(round => bodies(25).map(body => `${who}/${round}/${body}`))
    expect(reader.bodies(group).filter(body => body?.startsWith(`${who}/`))).toEqual(sent)
  }
})

test('L2: nothing is acknowledged nor announced before it is durable', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await using anaSocket = await ana.connect()
  await using boSocket = await bo.connect()
  await holdHead(direct)
  const id = anaSocket.post('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'not yet' })
  await untilWaiting()
  await anaSocket.settle()
  await boSocket.settle()
  expect(anaSocket.replies.has(id)).toBe(false)
  expect(boSocket.bodies(direct)).toEqual([])
  await observer.query('commit')
  await boSocket.until(() => boSocket.bodies(direct).length === 1)
  await anaSocket.until(() => anaSocket.replies.get(id))
})

test('L2, L10: while the database is away reads are refused as retryable, sends wait, and afterwards all is as it was', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await using anaSocket = await ana.connect()
  await using boSocket = await bo.connect()
  await pour(anaSocket, direct, ['before'])
  const ready = async () => (await fetch(`${server.url}/readyz`)).status
  proxy.fail()
  await expect.poll(ready).toBe(503)
  expect(await fetch(`${server.url}/healthz`)).toHaveProperty('status', 200)
  const waiting = pour(anaSocket, direct, bodies(20))
  const refused = await boSocket.request('message.list', { conversationId: direct })
  expect(refused).toMatchObject({ problem: { code: 'unavailable', retry: 'same' } })
  const typing = await boSocket.request('typing.set', { conversationId: direct, state: 'typing' })
  expect(typing).toHaveProperty('result')
  proxy.heal()
  await expect.poll(ready).toBe(200)
  expect((await waiting).filter(reply => 'problem' in reply)).toEqual([])
  await boSocket.until(() => boSocket.bodies(direct).length === 21)
  expect(boSocket.bodies(direct)).toEqual(['before', ...bodies(20)])
  const group = await createGroup(ana, [bo])
  await boSocket.until(() =>
    boSocket.events(bo.id).some(({ kind, data }) => kind === 'conversation.joined' && data.conversationId === group),
  )
})

test('L3: after a retryable refusal the socket refuses that conversation until a restart, so no retry overtakes', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const direct = await openDirect(ana, bo)
  const other = await openDirect(ana, cy)
  await using socket = await ana.connect()
  const request = (body: string) => ({ conversationId: direct, clientMessageId: newKey(), body })
  const [one, two, three] = [request('one'), request('two'), request('three')]
  await holdHead(direct)
  const first = socket.post('message.send', one)
  await untilWaiting()
  const second = socket.post('message.send', two)
  await socket.settle()
  await observer.query(
    `select pg_cancel_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'recado writer' and wait_event_type = 'Lock'`,
  )
  const refusals = await socket.until(() => {
    const replies = [socket.replies.get(first), socket.replies.get(second)]
    return replies.every(reply => reply !== undefined) && replies
  })
  expect(refusals).toMatchObject([{ problem: { retry: 'same' } }, { problem: { retry: 'same' } }])
  await observer.query('commit')
  expect(await socket.request('message.send', three)).toMatchObject({
    problem: { code: 'earlier-refused', retry: 'same' },
  })
  await socket.call('message.send', { conversationId: other, clientMessageId: newKey(), body: 'elsewhere' })
  await Promise.all([
    socket.call('message.send', { ...one, restart: true }),
    socket.call('message.send', two),
    socket.call('message.send', three),
  ])
  const { items } = await bo.call('message.list', { conversationId: direct })
  expect(items.map(({ body }) => body)).toEqual(['one', 'two', 'three'])
})

/** Takes the stream's lock, so that an append waits until the observer commits. */
async function holdHead(stream: number): Promise<void> {
  await observer.query('begin')
  await observer.query('select 1 from heads where stream_id = $1 for update', [stream])
}

async function untilWaiting(): Promise<void> {
  await expect
    .poll(
      async () => {
        // A transaction keeps its first look at who does what.
        await observer.query('select pg_stat_clear_snapshot()')
        const { rowCount } = await observer.query(
          `select 1 from pg_locks l join pg_stat_activity a using (pid)
            where not l.granted and a.application_name = 'recado writer' and a.datname = current_database()`,
        )
        return rowCount
      },
      { interval: 5 },
    )
    .toBe(1)
}
