/** S2: what was taken back stays taken back, whatever another tab remembers when the browser takes their cache away. */
import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Cache } from '../cache/cache.ts'
import type { Client } from '../client-api.ts'
import type { Ports, Tabs } from '../ports.ts'
import { bodies, type Device, World } from '../testing/world.ts'

const group = 100 as ConversationId
const missing = 999 as ConversationId

/** What another tab says is not heard yet. */
const deaf: Tabs = { post: () => undefined, listen: () => () => undefined }

/** Two tabs that know what was written, without a network. */
async function startTabs(write: (client: Client, world: World) => Promise<string>) {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device, { ports: { tabs: deaf } })
  const entryId = await write(client, world)
  world.server.network = 'down'
  await world.cut()
  const other = world.start(device, { ports: { tabs: deaf } })
  expect(await other.resumeSession()).toBe(true)
  const takeCacheAway = async () => {
    await device.caches.delete('recado-1-1')
    await world.clock.advance(1_000)
    world.server.network = 'up'
    for (const tab of [client, other]) await world.caughtUp(tab)
    await world.clock.advance(5_000)
  }
  return { world, device, client, other, entryId, takeCacheAway }
}

async function offline(client: Client, world: World): Promise<string> {
  world.server.network = 'down'
  await world.cut()
  await client.send({ conversationId: group, body: 'first' })
  return client.send({ conversationId: group, body: 'never mind' })
}

async function refused(client: Client, world: World): Promise<string> {
  const entryId = await client.send({ conversationId: missing, body: 'nowhere' })
  await world.clock.until(() => client.getSnapshot().outbox.refused === 1)
  return entryId
}

test('a message that was taken back is not brought up again by a tab that had not heard of it', async () => {
  const { world, client, other, entryId, takeCacheAway } = await startTabs(offline)
  expect(await client.cancel(entryId)).toBe(true)
  await takeCacheAway()
  for (const tab of [client, other]) expect(bodies(await world.open(tab, group))).toEqual(['first'])
})

test('a message for which it was too late is still sent', async () => {
  const { world, client, other, entryId, takeCacheAway } = await startTabs(offline)
  expect(await other.cancel(entryId)).toBe(true)
  expect(await client.cancel(entryId)).toBe(false)
  await client.send({ conversationId: group, body: 'second' })
  await takeCacheAway()
  for (const tab of [client, other]) expect(bodies(await world.open(tab, group))).toEqual(['first', 'second'])
})

test('a refused message that was tried again does not come up a second time', async () => {
  const { world, device, client, entryId, takeCacheAway } = await startTabs(refused)
  await client.retry(entryId)
  await takeCacheAway()
  const next = await world.resume(device)
  expect(next.getSnapshot().outbox).toEqual({ waiting: 0, refused: 1 })
})

/** The sign-in ends between the note and the attempt to take back. */
function interleaved(device: Device) {
  const [closed, noted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const phase = { closes: false }
  const caches: Ports['caches'] = {
    ...device.caches,
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      const write: Cache['write'] = async (stores, work, durability) => {
        const isNote = stores.join() === 'takenBack'
        if (isNote) await closed.promise
        const result = await cache.write(stores, work, durability)
        if (isNote) noted.resolve()
        if (phase.closes && name === 'recado-1-1' && stores.includes('counters')) {
          closed.resolve()
          await noted.promise
        }
        return result
      }
      return { ...cache, write }
    },
  }
  return { caches, phase }
}

test('a message that may have been sent is kept, though somebody is about to take it back when its sign-in ends', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const { caches, phase } = interleaved(device)
  const client = await world.signIn(device, { ports: { caches } })
  world.server.fault = () => 'before'
  const entryId = await client.send({ conversationId: group, body: 'on its way' })
  await world.clock.advance(1_000)
  phase.closes = true
  const cancelled = client.cancel(entryId)
  await world.wait(client.signIn({ login: 'person1', password: 'password' }))
  expect(await cancelled).toBe(false)
  world.server.fault = () => null
  await world.caughtUp(client)
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  expect(bodies(await world.open(client, group))).toEqual(['on its way'])
})
