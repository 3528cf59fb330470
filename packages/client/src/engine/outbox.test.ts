import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Fault } from '../testing/fake-operations.ts'
import { bodies, pending, World } from '../testing/world.ts'

const group = 100 as ConversationId

async function start() {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device)
  const handle = await world.open(client, group)
  return { world, device, client, handle }
}

function sends(world: World) {
  return world.server.requests.filter(request => request.op === 'message.send').map(request => request.data)
}

test('L3: after a refusal nothing goes out until all replies are in; then in order, the first with `restart`', async () => {
  const { world, client, handle } = await start()
  let refusals = 1
  world.server.fault = ({ body }) => (body === 'b' && refusals-- > 0 ? 'before' : null)
  for (const body of ['a', 'b', 'c', 'd']) await client.send({ conversationId: group, body })
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  expect(bodies(handle)).toEqual(['a', 'b', 'c', 'd'])
  expect(sends(world).map(data => [data['body'], data['restart'] ?? false])).toEqual([
    ['a', false],
    ['b', false],
    ['c', false],
    ['d', false],
    ['b', true],
    ['c', false],
    ['d', false],
  ])
})

test('L3: a message that was written although it was refused is not written twice', async () => {
  const { world, client, handle } = await start()
  let refusals = 1
  world.server.fault = () => (refusals-- > 0 ? 'after' : null)
  for (const body of ['a', 'b']) await client.send({ conversationId: group, body })
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  expect(bodies(handle)).toEqual(['a', 'b'])
  const keys = new Set(sends(world).map(data => data['clientMessageId']))
  expect(keys.size).toBe(2)
})

test('what was written offline is sent in order on the next connection, without `restart`', async () => {
  const { world, client, handle } = await start()
  world.server.network = 'down'
  await world.cut()
  for (const body of ['a', 'b', 'c']) await client.send({ conversationId: group, body })
  expect(pending(handle).map(item => [item.body, item.state])).toEqual([
    ['a', 'waiting'],
    ['b', 'waiting'],
    ['c', 'waiting'],
  ])
  world.server.network = 'up'
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  expect(bodies(handle)).toEqual(['a', 'b', 'c'])
  expect(sends(world).some(data => data['restart'])).toBe(false)
})

test('an entry outlives the program, with its key', async () => {
  const { world, device, client } = await start()
  let answered = 0
  const lost: Fault = () => (answered++ < 1 ? 'after' : null)
  world.server.fault = lost
  await client.send({ conversationId: group, body: 'survives' })
  await world.clock.until(() => sends(world).length === 1)
  world.kill(client)
  await world.cut()
  const again = await world.resume(device)
  await world.caughtUp(again)
  await world.clock.until(() => again.getSnapshot().outbox.waiting === 0)
  expect(bodies(await world.open(again, group))).toEqual(['survives'])
})

test('a refusal that will not change stays visible, does not hold up others, and can be tried again or dropped', async () => {
  const { world, client, handle } = await start()
  const missing = 999 as ConversationId
  const entryId = await client.send({ conversationId: missing, body: 'nowhere' })
  await client.send({ conversationId: group, body: 'here' })
  await world.clock.until(() => client.getSnapshot().outbox.refused === 1)
  await world.clock.until(() => bodies(handle).length === 1)
  const lost = client.conversation(missing)
  lost.subscribe(() => undefined)
  expect(pending(lost)[0]).toMatchObject({ body: 'nowhere', state: 'refused', problem: { code: 'not-found' } })
  const keys = () =>
    sends(world)
      .filter(data => data['body'] === 'nowhere')
      .map(data => data['clientMessageId'])
  await client.retry(entryId)
  await world.clock.until(() => keys().length === 2)
  await world.clock.until(() => client.getSnapshot().outbox.refused === 1)
  expect(new Set(keys()).size).toBe(2)
  expect(await client.cancel(entryId)).toBe(true)
  expect(client.getSnapshot().outbox).toEqual({ waiting: 0, refused: 0 })
})

test('a message can be taken back until it may have been sent', async () => {
  const { world, client, handle } = await start()
  const online = await client.send({ conversationId: group, body: 'on its way' })
  expect(await client.cancel(online)).toBe(false)
  await world.clock.advance(1_000)
  world.server.network = 'down'
  await world.cut()
  const offline = await client.send({ conversationId: group, body: 'never mind' })
  expect(await client.cancel(offline)).toBe(true)
  world.server.network = 'up'
  await world.caughtUp(client)
  await world.clock.advance(5_000)
  expect(bodies(handle)).toEqual(['on its way'])
})

test('bodies that the server would refuse are refused at once', async () => {
  const { client } = await start()
  await expect(client.send({ conversationId: group, body: '' })).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(client.send({ conversationId: group, body: 'x'.repeat(20_001) })).rejects.toMatchObject({
    code: 'invalid-input',
  })
})

test('storage that fails gives way to memory, and sending goes on', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  let full = false
  const caches = {
    ...device.caches,
    open: async (name: string, gone: () => void) => {
      const cache = await device.caches.open(name, gone)
      const failing: typeof cache.write = (stores, work, durability) =>
        full ? Promise.reject(new Error('The disk is full.')) : cache.write(stores, work, durability)
      return { ...cache, write: failing }
    },
  }
  const client = await world.signIn(device, { ports: { caches } })
  const handle = await world.open(client, group)
  full = true
  await client.send({ conversationId: group, body: 'still sent' })
  await world.clock.until(() => bodies(handle).length === 1)
  expect(client.getSnapshot().storage).toBe('memory')
  expect(client.getSnapshot().outbox.waiting).toBe(0)
  world.server.log.send(2, group, 'and received')
  await world.clock.advance(500)
  expect(bodies(handle)).toEqual(['still sent', 'and received'])
})
