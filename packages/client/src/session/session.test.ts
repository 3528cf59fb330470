import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { bodies, type Device, World } from '../testing/world.ts'

const group = 100 as ConversationId

async function startTabs() {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const first = world.start(device)
  await world.wait(first.signIn({ login: 'person1', password: 'password' }))
  const second = world.start(device)
  expect(await second.resumeSession()).toBe(true)
  await world.caughtUp(first)
  await world.caughtUp(second)
  return { world, device, first, second }
}

function sends(world: World) {
  return world.server.requests.filter(request => request.op === 'message.send')
}

test('two tabs: one sends what either wrote, both show it, nothing twice', async () => {
  const { world, first, second } = await startTabs()
  const handles = [await world.open(first, group), await world.open(second, group)]
  await second.send({ conversationId: group, body: 'from the second tab' })
  await first.send({ conversationId: group, body: 'from the first tab' })
  await world.clock.advance(2_000)
  for (const handle of handles) expect(bodies(handle)).toEqual(['from the second tab', 'from the first tab'])
  expect(sends(world)).toHaveLength(2)
  for (const client of [first, second]) expect(client.getSnapshot().outbox).toEqual({ waiting: 0, refused: 0 })
})

test('two tabs: the other takes over sending when the first goes', async () => {
  const { world, first, second } = await startTabs()
  await first.close()
  const handle = await world.open(second, group)
  await second.send({ conversationId: group, body: 'alone' })
  await world.clock.advance(2_000)
  expect(bodies(handle)).toEqual(['alone'])
})

test('signing out asks while something is unsent, then ends every tab and deletes what is kept', async () => {
  const { world, device, first, second } = await startTabs()
  world.server.network = 'down'
  await world.cut()
  await first.send({ conversationId: group, body: 'unsent' })
  expect(await first.signOut()).toEqual({ signedOut: false, unsent: 1 })
  expect(await world.wait(first.signOut({ unsent: 'discard' }))).toEqual({ signedOut: true })
  await world.clock.advance(1_000)
  for (const client of [first, second]) {
    expect(client.getSnapshot().connection).toMatchObject({ state: 'signed-out', reason: 'signed-out' })
    expect(client.getSnapshot().conversations).toEqual([])
  }
  expect(await device.sessions.load()).toBeNull()
  expect(await storedRows(device, 'outbox')).toBe(0)
  expect(await storedRows(device, 'conversations')).toBe(0)
})

test('signing in in one tab signs in the others', async () => {
  const { world, first, second } = await startTabs()
  await world.wait(first.signOut({ unsent: 'discard' }))
  await world.wait(second.signIn({ login: 'person1', password: 'password' }))
  await world.caughtUp(first)
  expect(first.getSnapshot().me?.id).toBe(1)
})

test('a session that the server ends signs out, and unsent text waits for the next sign-in', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device)
  world.server.fault = () => 'before'
  await client.send({ conversationId: group, body: 'not yet' })
  await world.clock.advance(500)
  world.server.cut(4502)
  await world.clock.advance(100)
  expect(client.getSnapshot().connection).toMatchObject({ state: 'signed-out', reason: 'session-ended' })
  expect(await storedRows(device, 'conversations')).toBe(0)
  world.server.fault = () => null
  const again = await world.signIn(device)
  await world.clock.advance(2_000)
  expect(bodies(await world.open(again, group))).toEqual(['not yet'])
})

test('a close code from 4500 on does not reconnect by itself, one below does', async () => {
  const world = new World()
  const client = await world.signIn(world.device(1))
  world.server.cut(4500)
  await world.clock.advance(60_000)
  expect(client.getSnapshot().connection).toMatchObject({ state: 'offline', retryAt: null })
  client.wake()
  await world.caughtUp(client)
  world.server.cut(4000)
  await world.clock.advance(1_000)
  await world.caughtUp(client)
})

test('a connection that falls silent is found out and replaced', async () => {
  const world = new World()
  const client = await world.signIn(world.device(1))
  world.server.slowMs = () => 1_000_000
  const before = world.server.requests.filter(request => request.op === 'session.resume').length
  await world.clock.advance(60_000)
  world.server.slowMs = () => 0
  await world.caughtUp(client)
  expect(world.server.requests.filter(request => request.op === 'session.resume').length).toBeGreaterThan(before)
})

test('the access token is renewed before it ends, on the same connection', async () => {
  const world = new World()
  const client = await world.signIn(world.device(1))
  const { since } = client.getSnapshot().connection
  await world.clock.advance(31 * 60_000)
  const tokens = world.server.requests
    .filter(request => request.op === 'session.resume')
    .map(({ data }) => data['token'])
  expect(new Set(tokens).size).toBeGreaterThan(1)
  expect(client.getSnapshot().connection).toMatchObject({ state: 'online', since })
})

test('a call that is cut off is repeated as it was', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const client: Client = await world.signIn(world.device(1))
  const call = client.call('conversation.get', { conversationId: group })
  await world.cut()
  expect(await world.wait(call)).toMatchObject({ id: group })
})

test('a refusal reaches the caller as a typed problem', async () => {
  const world = new World()
  const client = await world.signIn(world.device(1))
  const call = client.call('conversation.get', { conversationId: group })
  await expect(world.wait(call)).rejects.toMatchObject({ name: 'ProblemError', code: 'not-found' })
})

async function storedRows(device: Device, store: 'outbox' | 'conversations'): Promise<number> {
  const cache = await device.caches.open('recado-1-1', () => undefined)
  try {
    return await cache.read([store], transaction => transaction.count(store))
  } finally {
    await cache.close()
  }
}
