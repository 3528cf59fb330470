import { type AccountId, type BellItem, type ConversationId, limits } from '@recado/protocol'
import { expect, test } from 'vitest'
import { World } from '../testing/world.ts'

const group = 100 as ConversationId
const other = 2 as AccountId

async function start() {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const schedule = (callback: () => void) => void world.clock.setTimer(50, callback)
  const client = await world.signIn(world.device(1), { ports: { schedule } })
  const asked = (op: string) => world.server.requests.filter(request => request.op === op).map(({ data }) => data)
  return { world, client, asked }
}

test('L9: typing shows, and ends by itself, by a message, by word, and with the connection', async () => {
  const { world, client } = await start()
  const typing = () => client.getSnapshot().conversations[0]?.typing
  const begins = async () => {
    world.server.push(1, { type: 'typing', conversationId: group, accountId: other, expiresInMs: limits.typingMs })
    await world.clock.advance(100)
    expect(typing()).toEqual([2])
  }
  await begins()
  await world.clock.advance(limits.typingMs)
  expect(typing()).toEqual([])
  await begins()
  world.server.log.send(2, group, 'there')
  await world.clock.advance(100)
  expect(typing()).toEqual([])
  await begins()
  world.server.push(1, { type: 'typing', conversationId: group, accountId: other, expiresInMs: 0 })
  await world.clock.advance(100)
  expect(typing()).toEqual([])
  await begins()
  await world.cut()
  expect(typing()).toEqual([])
})

test('typing is told at most every few seconds, and its end with the message', async () => {
  const { world, client, asked } = await start()
  const handle = client.conversation(group)
  for (let key = 0; key < 40; key++) {
    handle.setTyping('typing')
    await world.clock.advance(100)
  }
  expect(asked('typing.set').map(data => data['state'])).toEqual(['typing', 'typing'])
  await client.send({ conversationId: group, body: 'done' })
  await world.clock.advance(100)
  expect(asked('typing.set').map(data => data['state'])).toEqual(['typing', 'typing', 'idle'])
})

test('L9: presence is asked for whom somebody watches, again after reconnecting, and forgotten without a connection', async () => {
  const { world, client, asked } = await start()
  const stop = client.watchPresence([other])
  const stopAgain = client.watchPresence([other, 3 as AccountId])
  await world.clock.advance(200)
  expect(asked('presence.subscribe').at(-1)).toEqual({ accountIds: [2, 3] })
  world.server.push(1, { type: 'presence', items: [{ accountId: other, state: 'online', lastSeenAt: null }] })
  await world.clock.advance(100)
  expect(client.getSnapshot().presence.get(other)?.state).toBe('online')
  await world.cut()
  expect(client.getSnapshot().presence.size).toBe(0)
  const before = asked('presence.subscribe').length
  await world.caughtUp(client)
  await world.clock.advance(200)
  expect(asked('presence.subscribe').slice(before)).toEqual([{ accountIds: [2, 3] }])
  stopAgain()
  stopAgain()
  await world.clock.advance(200)
  expect(asked('presence.subscribe').at(-1)).toEqual({ accountIds: [2] })
  stop()
  await world.clock.advance(200)
  expect(asked('presence.subscribe').at(-1)).toEqual({ accountIds: [] })
})

test('people are looked up together, once', async () => {
  const { world, client, asked } = await start()
  client.wantPeople([other])
  client.wantPeople([other, 77 as AccountId])
  await world.clock.advance(500)
  client.wantPeople([other, 77 as AccountId])
  await world.clock.advance(500)
  expect(asked('people.get')).toEqual([{ accountIds: [2, 77] }])
  expect(client.getSnapshot().people.get(other)?.displayName).toBe('Person 2')
})

const line = (id: number, cleared = false): BellItem => ({
  id,
  kind: 'mention',
  conversationId: group,
  sequence: id,
  actorId: other,
  at: '2026-01-01T00:00:00.000Z',
  cleared,
})

test('the bell follows its register and forgets what was cleared', async () => {
  const { world, client } = await start()
  world.server.push(1, { type: 'bell', version: 1, items: [line(1)] })
  world.server.push(1, { type: 'bell', version: 2, items: [line(2)] })
  await world.clock.advance(200)
  expect(client.getSnapshot().bell.items.map(item => item.id)).toEqual([2, 1])
  world.server.push(1, { type: 'bell', version: 3, items: [line(1, true)] })
  await world.clock.advance(200)
  expect(client.getSnapshot().bell).toMatchObject({ count: 1, items: [{ id: 2 }] })
})

test('L11: the bell asks on until it has all that changed, however much that is', async () => {
  const { world, client } = await start()
  const count = 2 * limits.eventsPageSize + 10
  const lines = Array.from({ length: count }, (_, index) => ({ ...line(index + 1), version: index + 1 }))
  world.server.push(1, { type: 'bell', version: 1, items: [line(1)] })
  world.server.log.bells.set(1 as AccountId, lines)
  world.server.push(1, { type: 'bell', version: count, items: [] })
  await world.clock.advance(200)
  expect(client.getSnapshot().bell.count).toBe(count)
  world.server.log.bells.set(
    1 as AccountId,
    lines.map(open => ({ ...open, cleared: true, version: open.version + count })),
  )
  world.server.push(1, { type: 'bell', version: 2 * count, items: [] })
  await world.clock.advance(200)
  expect(client.getSnapshot().bell.count).toBe(0)
})

test('listeners hear once of many changes, and a snapshot stays the same until something changes', async () => {
  const { world, client } = await start()
  let heard = 0
  client.subscribe(() => heard++)
  const before = client.getSnapshot()
  expect(client.getSnapshot()).toBe(before)
  const frame = { type: 'typing', conversationId: group, expiresInMs: limits.typingMs } as const
  for (let id = 2; id < 50; id++) world.server.push(1, { ...frame, accountId: id as AccountId })
  await world.clock.advance(200)
  const after = client.getSnapshot()
  expect(heard).toBeGreaterThan(0)
  expect(heard).toBeLessThanOrEqual(4)
  expect(after).not.toBe(before)
  expect(after.people).toBe(before.people)
  expect(after.bell).toBe(before.bell)
})
