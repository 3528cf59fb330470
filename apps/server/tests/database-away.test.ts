/** L2, L3 and L10 for those who wait: writes while the database does not answer, over HTTP and for peers that are gone. */
import { limits } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createPeople,
  createTestDatabase,
  newKey,
  openDirect,
  silentLogger,
  startServer,
  type TestDatabase,
  type TestServer,
} from '@recado/testkit'
import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseProxy } from './database-proxy.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let server: TestServer
/** Past the proxy. */
let observer: Client
const owned = new AsyncDisposableStack()

beforeAll(async () => {
  database = owned.use(await createTestDatabase())
  proxy = owned.use(await DatabaseProxy.listen(database))
  server = owned.use(await startServer({ database, env: { DATABASE_URL: proxy.url, RECADO_LOG_LEVEL: 'silent' } }))
  observer = await connectDedicated({ address: database.address, applicationName: 'observer', logger: silentLogger })
  owned.defer(() => observer.end())
})
afterAll(() => owned.disposeAsync())

const unknown = { status: 503, body: { code: 'unavailable', retry: 'same' } }
const slackMs = 4_000

async function timed<Result>(work: Promise<Result>): Promise<{ readonly result: Result; readonly ms: number }> {
  const startedAt = performance.now()
  const result = await work
  return { result, ms: performance.now() - startedAt }
}

/** Takes these locks, so that whatever needs them waits until the observer commits. */
async function hold(streams: readonly number[]): Promise<void> {
  await observer.query('begin')
  await observer.query('select 1 from heads where stream_id = any($1) order by stream_id for update', [streams])
  await observer.query('select 1 from register_heads where group_id = any($1) order by group_id for update', [streams])
}

async function untilWriterWaits(count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        // A transaction keeps its first look at who does what.
        await observer.query('select pg_stat_clear_snapshot()')
        const { rowCount } = await observer.query(
          `select distinct l.pid from pg_locks l join pg_stat_activity a using (pid)
            where not l.granted and a.application_name = 'recado writer' and a.datname = current_database()`,
        )
        return rowCount
      },
      { interval: 5 },
    )
    .toBe(count)
}

test('L2, L3: over HTTP whatever waits is answered in time as unavailable, goes on, and is written once', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  const first = await ana.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'first' })
  const connectionsBefore = server.running.context.gateway.connectionCount
  await using gone = await ana.connect()
  await hold([direct])
  const inFlight = { conversationId: direct, clientMessageId: newKey(), body: 'in flight' }
  const behind = { conversationId: direct, clientMessageId: newKey(), body: 'behind it' }
  const group = { key: newKey(), name: 'Wide', accountIds: [bo.id] }
  const rename = { key: newKey(), name: 'Wider' }
  const wide = await ana.call('conversation.create', group)
  await observer.query('select 1 from heads where stream_id = $1 for update', [wide.id])

  const sending = timed(ana.attempt('message.send', inFlight))
  const renaming = timed(ana.attempt('conversation.update', { conversationId: wide.id, ...rename }))
  const reading = timed(bo.attempt('position.move', { conversationId: direct, read: first.sequence }))
  await untilWriterWaits(3)
  const waiting = timed(ana.attempt('message.send', behind))
  const creating = timed(ana.attempt('conversation.create', { ...group, key: newKey() }))
  gone.post('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'and hung up' })
  await gone.settle()
  gone.socket.terminate()
  await expect.poll(() => server.running.context.gateway.connectionCount).toBe(connectionsBefore)

  for (const { result, ms } of await Promise.all([sending, renaming, reading, waiting, creating])) {
    expect(result).toMatchObject(unknown)
    expect(ms).toBeLessThan(limits.answerWithinMs + slackMs)
  }
  // Nobody knows whether what was in flight is written: it still may be, and so it is.
  await observer.query('commit')
  const again = await ana.call('message.send', inFlight)
  expect((await ana.call('message.send', behind)).sequence).toBe(again.sequence + 1)
  await ana.call('conversation.update', { conversationId: wide.id, ...rename })
  const { items } = await ana.call('message.list', { conversationId: direct })
  expect(items.map(({ body }) => body)).toEqual(['first', 'in flight', 'behind it'])
  const { head, name } = await ana.call('conversation.get', { conversationId: wide.id })
  expect([head.sequence, name]).toEqual([3, 'Wider'])
  const positions = async () => (await ana.call('position.list', { conversationId: direct })).items
  await expect.poll(positions).toContainEqual({ accountId: bo.id, delivered: first.sequence, read: first.sequence })
}, 60_000)

test('L2, L10: with the database gone a write in flight over HTTP is answered in time, and found once when it is back', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  const message = { conversationId: direct, clientMessageId: newKey(), body: 'on its way' }
  await hold([direct])
  const sending = timed(ana.attempt('message.send', message))
  await untilWriterWaits(1)
  proxy.fail()
  const { result, ms } = await sending
  expect(result).toMatchObject(unknown)
  expect(ms).toBeLessThan(limits.answerWithinMs + slackMs)
  expect(await fetch(`${server.url}/healthz`)).toHaveProperty('status', 200)
  await observer.query('commit')
  proxy.heal()
  await expect.poll(async () => (await ana.attempt('message.send', message)).status, { timeout: 20_000 }).toBe(200)
  const { items } = await ana.call('message.list', { conversationId: direct })
  expect(items.map(({ body }) => body)).toEqual(['on its way'])
}, 60_000)

test('L10: one account fills its share of the queue and is told it is busy; others are let in and written', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const direct = await openDirect(ana, bo)
  const other = await openDirect(cy, bo)
  const sockets = await Promise.all(Array.from({ length: 6 }, () => ana.connect()))
  await using closing = new AsyncDisposableStack()
  for (const socket of sockets) closing.use(socket)
  await using neighbour = await cy.connect()
  await hold([direct])
  const body = 'x'.repeat(limits.bodyLength)
  const request = () => ({ conversationId: direct, clientMessageId: newKey(), body })
  for (const socket of sockets) for (let sent = 0; sent < 50; sent++) socket.post('message.send', request())
  const busy = () => sockets.flatMap(({ replies }) => [...replies.values()]).filter(reply => 'problem' in reply)
  await expect.poll(() => busy().length).toBeGreaterThan(0)
  expect(busy()[0]).toMatchObject({ problem: { code: 'busy', retry: 'after' } })
  const text = { conversationId: other, clientMessageId: newKey(), body: 'let me in' }
  const id = neighbour.post('message.send', text)
  await neighbour.settle()
  expect(neighbour.replies.has(id)).toBe(false)
  await observer.query('commit')
  expect(await neighbour.until(() => neighbour.replies.get(id))).toHaveProperty('result')
})
