/** L2 where a synchronous standby is configured and missing: a database of its own, since the setting is the whole server's. */
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  cloneTemplate,
  createPeople,
  newKey,
  openDirect,
  silentLogger,
  startServer,
  startTestCluster,
  type TestCluster,
  type TestDatabase,
  type TestServer,
} from '@recado/testkit'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { DatabaseProxy } from './database-proxy.ts'

let cluster: TestCluster
let database: TestDatabase
let proxy: DatabaseProxy
let server: TestServer
/** Past the proxy. */
let observer: Client
const owned = new AsyncDisposableStack()

beforeAll(async () => {
  cluster = owned.use(await startTestCluster())
  database = owned.use(await cloneTemplate(cluster.template))
  proxy = owned.use(await DatabaseProxy.listen(database))
  server = owned.use(await startServer({ database, env: { DATABASE_URL: proxy.url, RECADO_LOG_LEVEL: 'silent' } }))
  observer = await connectDedicated({ address: database.address, applicationName: 'observer', logger: silentLogger })
  owned.defer(() => observer.end())
})
afterAll(() => owned.disposeAsync())
afterEach(() => standby('none'))

/** `absent`: one that never connects. The observer's own commits wait for nobody. */
async function standby(which: 'absent' | 'none'): Promise<void> {
  const names = which === 'absent' ? 'absent' : ''
  await observer.query('set synchronous_commit = off')
  await observer.query(`alter system set synchronous_standby_names = '${names}'`)
  await observer.query('select pg_reload_conf()')
  const known = async () => (await observer.query('show synchronous_standby_names')).rows[0]?.synchronous_standby_names
  await expect.poll(known).toBe(names)
}

/**
 * The backend of the message lane that waits for the standby, once there is one that is none of `earlier`. What follows the log may wait
 * beside it with a transaction of its own.
 */
async function waitingWriter(...earlier: readonly number[]): Promise<number> {
  let pid = 0
  const find = async () => {
    const { rows } = await observer.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event = 'SyncRep'
         and application_name = 'recado writer' and pid <> all($1) and query like 'select * from append_batch(%'`,
      [earlier],
    )
    pid = rows[0]?.pid ?? 0
    return rows.length
  }
  await expect.poll(find, { interval: 20, timeout: 20_000 }).toBe(1)
  return pid
}

test('L2: a write waits for the missing standby unseen, and cancelled waits acknowledge nothing, until it is back', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  await using anaSocket = await ana.connect()
  await using boSocket = await bo.connect()
  const send = (body: string) => ({ conversationId: direct, clientMessageId: newKey(), body })
  await anaSocket.call('message.send', send('before'))
  await standby('absent')
  const held = send('held')
  const id = anaSocket.post('message.send', held)
  const first = await waitingWriter()
  await Promise.all([anaSocket.settle(), boSocket.settle()])
  expect(anaSocket.replies.has(id)).toBe(false)
  expect(boSocket.bodies(direct)).toEqual(['before'])
  expect((await bo.call('message.list', { conversationId: direct })).items.map(({ body }) => body)).toEqual(['before'])

  // PostgreSQL now says that it committed, with a warning that no standby may have it.
  await observer.query('select pg_cancel_backend($1)', [first])
  const second = await waitingWriter(first)
  await anaSocket.settle()
  expect(anaSocket.replies.has(id)).toBe(false)
  // Here it says nothing more at all.
  await observer.query('select pg_terminate_backend($1)', [second])
  await waitingWriter(first, second)
  await anaSocket.settle()
  expect(anaSocket.replies.has(id)).toBe(false)

  await standby('none')
  expect(await anaSocket.until(() => anaSocket.replies.get(id))).toHaveProperty('result')
  await anaSocket.call('message.send', send('after'))
  await boSocket.until(() => boSocket.bodies(direct).length === 3)
  expect(boSocket.bodies(direct)).toEqual(['before', 'held', 'after'])
}, 120_000)

test('L2: while the standby is missing, writes are refused as retryable and never taken with less', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const direct = await openDirect(ana, bo)
  const other = await openDirect(cy, bo)
  await ana.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'the lane has its writer' })
  await standby('absent')
  const first = { conversationId: direct, clientMessageId: newKey(), body: 'first' }
  const inFlight = ana.attempt('message.send', first)
  await waitingWriter()
  const behind = { conversationId: other, clientMessageId: newKey(), body: 'behind' }
  const group = { key: newKey(), name: 'Nobody', accountIds: [] }
  const answers = await Promise.all([
    cy.attempt('message.send', behind),
    cy.attempt('conversation.create', group),
    inFlight,
  ])
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retry: 'same' } })
  await standby('none')
  await cy.call('message.send', behind)
  await ana.call('message.send', first)
  await cy.call('conversation.create', group)
  const bodies = async (conversationId: typeof direct) =>
    (await bo.call('message.list', { conversationId })).items.map(({ body }) => body)
  expect(await bodies(direct)).toEqual(['the lane has its writer', 'first'])
  expect(await bodies(other)).toEqual(['behind'])
  expect((await cy.call('conversation.list', {})).items.filter(({ name }) => name === 'Nobody')).toHaveLength(1)
}, 120_000)

test('L2: a node that reconnects serves no read before a standby has flushed that moment', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const direct = await openDirect(ana, bo)
  const list = () => bo.attempt('message.list', { conversationId: direct })
  const ready = async () => (await fetch(`${server.url}/readyz`)).status
  expect(await list()).toMatchObject({ status: 200 })
  await standby('absent')
  expect(await list()).toMatchObject({ status: 200 })
  proxy.fail()
  await expect.poll(ready, { timeout: 20_000 }).toBe(503)
  proxy.heal()
  for (let asked = 0; asked < 2; asked++) {
    expect(await list()).toMatchObject({ status: 503, body: { code: 'unavailable', retry: 'same' } })
  }
  await standby('none')
  await expect.poll(ready, { timeout: 20_000 }).toBe(200)
  expect(await list()).toMatchObject({ status: 200 })
}, 120_000)
