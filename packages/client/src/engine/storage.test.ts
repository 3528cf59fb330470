import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { type Cache, CacheFullError } from '../cache/cache.ts'
import type { Ports } from '../ports.ts'
import { bodies, type Device, World } from '../testing/world.ts'

const group = 100 as ConversationId

/** Storage that takes nothing more as soon as it is full and holds more messages than this. */
interface Room {
  messages: number
}

function limited(device: Device, room: Room): Ports['caches'] {
  return {
    ...device.caches,
    storage: 'durable',
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      const write: Cache['write'] = async (stores, work, durability) => {
        const messages = await cache.read(['messages'], rows => rows.count('messages'))
        const put = () => Promise.reject(new CacheFullError('There is no room.'))
        if (messages <= room.messages) return cache.write(stores, work, durability)
        return cache.write(stores, rows => work({ ...rows, put }), durability)
      }
      return { ...cache, write }
    },
  }
}

async function start() {
  const world = new World()
  const { log } = world.server
  log.createGroup(group, [1, 2])
  for (let at = 1; at <= 40; at++) log.send(2, group, `message ${at}`)
  const device = world.device(1)
  const room: Room = { messages: Number.POSITIVE_INFINITY }
  const client = await world.signIn(device, { ports: { caches: limited(device, room) } })
  const handle = await world.open(client, group)
  expect(await count(device, 'messages')).toBe(40)
  return { world, device, client, handle, room }
}

async function count(device: Device, store: 'messages' | 'outbox'): Promise<number> {
  const cache = await device.caches.open('recado-1-1', () => undefined)
  try {
    return await cache.read([store], rows => rows.count(store))
  } finally {
    await cache.close()
  }
}

test('storage that is full gives up messages, so that unsent text stays durable', async () => {
  const { world, device, client, handle, room } = await start()
  world.server.network = 'down'
  await world.cut()
  room.messages = 10
  await client.send({ conversationId: group, body: 'kept' })
  expect(client.getSnapshot().storage).toBe('durable')
  expect([await count(device, 'messages'), await count(device, 'outbox')]).toEqual([0, 1])
  world.kill(client)
  const again = await world.resume(device)
  world.server.network = 'up'
  await world.caughtUp(again)
  await world.clock.until(() => again.getSnapshot().outbox.waiting === 0)
  expect(bodies(await world.open(again, group)).at(-1)).toBe('kept')
  expect(bodies(handle)).toHaveLength(40)
})

test('what arrives while storage is full shows all the same, and the next start has it', async () => {
  const { world, client, handle, room, device } = await start()
  room.messages = 5
  for (let at = 41; at <= 60; at++) world.server.log.send(2, group, `message ${at}`)
  await world.clock.advance(2_000)
  expect(bodies(handle)).toHaveLength(60)
  expect(client.getSnapshot().storage).toBe('durable')
  await client.close()
  const again = await world.resume(device)
  await world.caughtUp(again)
  expect(bodies(await world.open(again, group)).at(-1)).toBe('message 60')
})

test('storage that has no room for anything is given up, which the state says, and sending goes on', async () => {
  const { world, device, client, handle, room } = await start()
  room.messages = -1
  await client.send({ conversationId: group, body: 'in memory' })
  expect(client.getSnapshot().storage).toBe('full')
  await world.clock.until(() => bodies(handle).length === 41)
  expect(await count(device, 'outbox')).toBe(0)
  expect(client.getSnapshot().outbox.waiting).toBe(0)
})

test('a tab whose storage failed leaves it to the others to send what they write', async () => {
  const { world, device, client, room } = await start()
  const other = world.start(device)
  await other.resumeSession()
  await world.caughtUp(other)
  room.messages = -1
  await client.send({ conversationId: group, body: 'in memory' })
  expect(client.getSnapshot().storage).toBe('full')
  await other.send({ conversationId: group, body: 'of the other' })
  await world.clock.until(() => other.getSnapshot().outbox.waiting === 0)
  await world.clock.advance(1_000)
  for (const one of [client, other]) {
    expect(
      bodies(await world.open(one, group))
        .slice(-2)
        .toSorted(),
    ).toEqual(['in memory', 'of the other'])
    expect(one.getSnapshot().outbox).toEqual({ waiting: 0, refused: 0 })
  }
})
