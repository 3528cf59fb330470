/** L9, P1, C6: who is here and who is typing. Nothing of it is stored but when somebody was last seen. */
import { limits, type PresenceState } from '@recado/protocol'
import { graceMs } from '@recado/server/gateway/presence.ts'
import {
  createGroup,
  createPeople,
  createTestDatabase,
  openDirect,
  type SocketClient,
  startCluster,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeTimers } from './change-timers.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** The states of one person as they came. */
function states(socket: SocketClient, accountId: number): PresenceState[] {
  return socket
    .frames('presence')
    .flatMap(({ items }) => items)
    .filter(item => item.accountId === accountId)
    .map(({ state }) => state)
}

/** Ten times the grace of a reload, so that what happens within it or before it ends can be told on a slow machine. */
const lengthenGrace = () => changeTimers(server, ms => (ms === graceMs ? 10 * ms : ms))

describe('presence', () => {
  test('P1: friends are told when one comes and goes; strangers only if they ask', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    await openDirect(ana, bo)
    await using anaSocket = await ana.connect()
    await using cySocket = await cy.connect()
    {
      await using boSocket = await bo.connect()
      await anaSocket.until(() => states(anaSocket, bo.id).at(-1) === 'online')
      await boSocket.settle()
    }
    await anaSocket.until(() => states(anaSocket, bo.id).at(-1) === 'offline')
    await cySocket.settle()
    expect(states(cySocket, bo.id)).toEqual([])
    expect(states(anaSocket, bo.id)).toEqual(['online', 'offline'])
    const offline = anaSocket.frames('presence').at(-1)?.items[0]
    expect(Date.parse(offline?.lastSeenAt ?? '')).toBeGreaterThan(Date.now() - 10_000)
  })

  test('P1: whoever subscribes learns the state now and every change; a new set replaces the old', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    await using boSocket = await bo.connect()
    await using cySocket = await cy.connect()
    await using anaSocket = await ana.connect()
    const first = await anaSocket.call('presence.subscribe', { accountIds: [bo.id] })
    expect(first.items).toMatchObject([{ accountId: bo.id, state: 'online' }])
    await boSocket.call('presence.set', { state: 'away' })
    await anaSocket.until(() => states(anaSocket, bo.id).at(-1) === 'away')
    await anaSocket.call('presence.subscribe', { accountIds: [cy.id] })
    await boSocket.call('presence.set', { state: 'online' })
    await cySocket.call('presence.set', { state: 'away' })
    await anaSocket.until(() => states(anaSocket, cy.id).at(-1) === 'away')
    expect(states(anaSocket, bo.id)).toEqual(['away'])
    const { items } = await ana.call('presence.get', { accountIds: [bo.id, cy.id, ana.id] })
    expect(items.map(({ state }) => state)).toEqual(['online', 'away', 'online'])
  })

  test('P1: of several connections the liveliest counts', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using watcher = await ana.connect()
    await watcher.call('presence.subscribe', { accountIds: [bo.id] })
    await using phone = await bo.connect()
    const laptop = await bo.connect()
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'online')
    await phone.call('presence.set', { state: 'away' })
    await watcher.settle()
    expect(states(watcher, bo.id)).toEqual(['online'])
    await laptop.call('presence.set', { state: 'away' })
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'away')
    await laptop[Symbol.asyncDispose]()
    await phone.call('presence.set', { state: 'online' })
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'online')
    expect(states(watcher, bo.id)).toEqual(['online', 'away', 'online'])
  })

  test('P1: a reload is not seen', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using watcher = await ana.connect()
    await watcher.call('presence.subscribe', { accountIds: [bo.id] })
    const before = await bo.connect()
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'online')
    using _grace = lengthenGrace()
    await before[Symbol.asyncDispose]()
    await using after = await bo.connect()
    await after.call('presence.set', { state: 'away' })
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'away')
    expect(states(watcher, bo.id)).toEqual(['online', 'away'])
  })
})

describe('being last seen', () => {
  test('A2, P1: signing out leaves presence at once, and when somebody was last seen is kept', async () => {
    const [ana, bo] = await createPeople(server, 2)
    await using watcher = await ana.connect()
    await watcher.call('presence.subscribe', { accountIds: [bo.id] })
    await using socket = await bo.connect()
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'online')
    using _grace = lengthenGrace()
    const signedOutAt = performance.now()
    await bo.call('session.end', {})
    await watcher.until(() => states(watcher, bo.id).at(-1) === 'offline')
    expect(performance.now() - signedOutAt).toBeLessThan(10 * graceMs)
    await socket.untilClosed()
    await expect
      .poll(async () => (await ana.call('people.get', { accountIds: [bo.id] })).items[0]?.lastSeenAt)
      .toEqual(expect.any(String))
  })

  test('P1: when somebody was last seen outlives the server, also for who was there when it stopped', async () => {
    await using database = await createTestDatabase()
    const before = await startServer({ database })
    const [ana, bo, cy] = await createPeople(before, 3)
    await using _bo = await bo.connect()
    await using _cy = await cy.connect()
    await before[Symbol.asyncDispose]()
    await using after = await startServer({ database })
    await using socket = await ana.connect(after)
    const { items } = await socket.call('presence.subscribe', { accountIds: [bo.id] })
    expect(items).toEqual([{ accountId: bo.id, state: 'offline', lastSeenAt: expect.any(String) }])
    const read = await socket.call('presence.get', { accountIds: [cy.id, ana.id] })
    expect(read.items).toMatchObject([{ state: 'offline', lastSeenAt: expect.any(String) }, { state: 'online' }])
  })

  test('P1, L9: over two nodes presence and typing are one', async () => {
    await using cluster = await startCluster(2, 'shared')
    const [here, there] = cluster.nodes as [TestServer, TestServer]
    const [ana, bo] = await createPeople(here, 2)
    const direct = await openDirect(ana, bo)
    await using anaSocket = await ana.connect(here)
    const boThere = await bo.connect(there)
    await anaSocket.until(() => states(anaSocket, bo.id).at(-1) === 'online')
    await using boHere = await bo.connect(here)
    await boThere.call('typing.set', { conversationId: direct, state: 'typing' })
    await anaSocket.until(() => anaSocket.frames('typing').some(({ accountId }) => accountId === bo.id))
    await boThere[Symbol.asyncDispose]()
    await boHere.call('presence.set', { state: 'away' })
    await anaSocket.until(() => states(anaSocket, bo.id).at(-1) === 'away')
    expect(states(anaSocket, bo.id)).not.toContain('offline')
  })
})

describe('typing', () => {
  test('C6: typing reaches the others of that conversation only, says how long it holds, and stops', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const direct = await openDirect(ana, bo)
    await createGroup(ana, [bo, cy])
    await using anaSocket = await ana.connect()
    await using anaTab = await ana.connect()
    await using boSocket = await bo.connect()
    await using cySocket = await cy.connect()
    await anaSocket.call('typing.set', { conversationId: direct, state: 'typing' })
    await anaSocket.call('typing.set', { conversationId: direct, state: 'typing' })
    await anaSocket.call('typing.set', { conversationId: direct, state: 'idle' })
    await anaSocket.call('typing.set', { conversationId: direct, state: 'idle' })
    await boSocket.until(() => boSocket.frames('typing').at(-1)?.expiresInMs === 0)
    const told = { type: 'typing', conversationId: direct, accountId: ana.id }
    expect(boSocket.frames('typing')).toEqual([
      { ...told, expiresInMs: limits.typingMs },
      { ...told, expiresInMs: 0 },
    ])
    for (const other of [anaTab, cySocket]) {
      await other.settle()
      expect(other.frames('typing')).toEqual([])
    }
  })

  test('C6: nobody types where he is no member, and what is typed is never sent', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const direct = await openDirect(ana, bo)
    await using boSocket = await bo.connect()
    await using cySocket = await cy.connect()
    const refused = cySocket.call('typing.set', { conversationId: direct, state: 'typing' })
    await expect(refused).rejects.toMatchObject({ code: 'not-found' })
    const withText = { conversationId: direct, state: 'typing', text: 'I lo' }
    expect((await ana.attempt('typing.set', withText)).body.code).toBe('invalid-input')
    await boSocket.settle()
    expect(boSocket.frames('typing')).toEqual([])
  })
})
