import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { bodies, pending, World } from '../testing/world.ts'

const team = 100 as ConversationId

test('S2: kept messages can be counted and deleted, but never what waits to be sent', async () => {
  const world = new World()
  const { log } = world.server
  log.createGroup(team, [1, 2])
  const device = world.device(1)
  const first = await world.signIn(device)
  for (const body of ['one', 'two', 'three']) log.send(2, team, body)
  await world.clock.advance(1_000)
  expect(await world.wait(first.countKept())).toEqual({ messages: 3, conversations: 1 })

  world.server.network = 'down'
  await world.cut()
  await world.wait(first.send({ conversationId: team, body: 'still to be sent' }))
  expect(await world.wait(first.forgetMessages())).toBe(3)
  expect(await world.wait(first.countKept())).toEqual({ messages: 0, conversations: 0 })
  world.kill(first)

  const second = await world.resume(device)
  expect(second.getSnapshot().conversations.map(({ id, waiting }) => [id, waiting])).toEqual([[team, 1]])
  const handle = await world.open(second, team)
  expect(bodies(handle)).toEqual([])
  expect(pending(handle).map(({ body }) => body)).toEqual(['still to be sent'])

  world.server.network = 'up'
  second.wake()
  await world.caughtUp(second)
  await world.clock.until(() => bodies(handle).length === 4)
  expect(bodies(handle)).toEqual(['one', 'two', 'three', 'still to be sent'])
  expect(second.getSnapshot().outbox.waiting).toBe(0)
})

test('S2: after deleting, what is new is kept again, without a hole', async () => {
  const world = new World()
  const { log } = world.server
  log.createGroup(team, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device)
  for (const body of ['one', 'two']) log.send(2, team, body)
  await world.clock.advance(1_000)
  await world.wait(client.forgetMessages())
  log.send(2, team, 'three')
  await world.clock.advance(1_000)
  expect(await world.wait(client.countKept())).toEqual({ messages: 1, conversations: 1 })
  const handle = await world.open(client, team)
  await world.clock.until(() => bodies(handle).length === 3)
  expect(bodies(handle)).toEqual(['one', 'two', 'three'])
})

test('S2: what is damaged ends the sign-in on this device, and what waited goes out with the next one', async () => {
  const world = new World()
  const { log } = world.server
  log.createGroup(team, [1, 2])
  const device = world.device(1)
  const first = await world.signIn(device)
  world.server.network = 'down'
  await world.cut()
  await world.wait(first.send({ conversationId: team, body: 'still to be sent' }))
  const { me, sessionId } = first.getSnapshot()
  world.kill(first)
  const cache = await device.caches.open(`recado-${me?.id}-${sessionId}`, () => undefined)
  await cache.write(['conversations'], transaction => transaction.put('conversations', team, JSON.parse('{}')))
  await cache.close()

  const second = await world.resume(device)
  expect(second.getSnapshot().connection).toMatchObject({ state: 'signed-out', reason: 'session-ended' })
  world.server.network = 'up'
  const third = await world.signIn(device)
  const handle = await world.open(third, team)
  await world.clock.until(() => bodies(handle).length === 1)
  expect(bodies(handle)).toEqual(['still to be sent'])
})
