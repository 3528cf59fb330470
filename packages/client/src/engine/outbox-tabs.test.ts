/** S2: one outbox in several tabs, of which any may die between any two steps. */
import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Cache } from '../cache/cache.ts'
import type { Client } from '../client-api.ts'
import type { Ports } from '../ports.ts'
import { bodies, type Device, World } from '../testing/world.ts'

const group = 100 as ConversationId

/** What happens around a tab's transactions; the names of their stores, separated by blanks, come with each. */
interface Around {
  read?: (stores: string) => Promise<void> | undefined
  beforeWrite?: (stores: string) => Promise<void> | undefined
  afterWrite?: (stores: string) => Promise<void> | undefined
}

const forEver = new Promise<void>(() => undefined)

function cachesOf(device: Device, around: Around): Ports['caches'] {
  return {
    ...device.caches,
    open: async (name, gone) => {
      const cache = await device.caches.open(name, gone)
      const read: Cache['read'] = async (stores, work) => {
        const result = await cache.read(stores, work)
        await around.read?.(stores.join(' '))
        return result
      }
      const write: Cache['write'] = async (stores, work, durability) => {
        await around.beforeWrite?.(stores.join(' '))
        const result = await cache.write(stores, work, durability)
        await around.afterWrite?.(stores.join(' '))
        return result
      }
      return { ...cache, read, write }
    },
  }
}

/** Two tabs; the first has the turn at sending. */
async function start() {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const device = world.device(1)
  const [first, second]: [Around, Around] = [{}, {}]
  const client = await world.signIn(device, { ports: { caches: cachesOf(device, first) } })
  const other = world.start(device, { ports: { caches: cachesOf(device, second) } })
  expect(await other.resumeSession()).toBe(true)
  await world.caughtUp(other)
  return { world, device, tabs: [client, other] as const, around: [first, second] as const }
}

async function countStored(device: Device): Promise<number> {
  const cache = await device.caches.open('recado-1-1', () => undefined)
  const count = await cache.read(['outbox'], rows => rows.count('outbox'))
  await cache.close()
  return count
}

/** The tab stores a text, and dies before it hears that this is done. */
async function dieSending(world: World, client: Client, around: Around): Promise<void> {
  const stored = Promise.withResolvers<void>()
  around.afterWrite = stores => {
    if (stores !== 'outbox counters settled') return undefined
    stored.resolve()
    return forEver
  }
  void client.send({ conversationId: group, body: 'written last' })
  await stored.promise
  world.kill(client)
}

test('what a tab stored before it died is sent by the one whose turn comes then', async () => {
  const { world, tabs, around } = await start()
  await dieSending(world, tabs[0], around[0])
  const handle = await world.open(tabs[1], group)
  await world.clock.until(() => bodies(handle).length === 1)
})

test('what a tab stored before it died is sent by the one whose turn it is, once the other is there again', async () => {
  const { world, device, tabs, around } = await start()
  await dieSending(world, tabs[1], around[1])
  const handle = await world.open(tabs[0], group)
  await world.resume(device)
  await world.clock.until(() => bodies(handle).length === 1)
})

test('a message that comes while another tab looks what is unsent leaves the outbox, though its own tab died', async () => {
  const { world, device, tabs, around } = await start()
  const handle = await world.open(tabs[1], group)
  // The one that sends will not store what its message becomes.
  around[0].beforeWrite = stores => (stores.includes('messages') ? forEver : undefined)
  const came = Promise.withResolvers<void>()
  around[1].read = stores => (stores === 'outbox' ? came.promise : undefined)
  await tabs[0].send({ conversationId: group, body: 'sent' })
  await world.clock.until(() => bodies(handle).length === 1)
  world.kill(tabs[0])
  came.resolve()
  await tabs[1].caughtUp()
  await world.clock.advance(1_000)
  expect(await countStored(device)).toBe(0)
})
