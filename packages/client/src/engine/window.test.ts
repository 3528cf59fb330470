import type { AccountId, ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { bodies, messages, World } from '../testing/world.ts'

const group = 100 as ConversationId

async function start(written: number, options = {}) {
  const world = new World()
  const { log } = world.server
  log.createGroup(group, [1, 2])
  const device = world.device(1)
  for (let count = 1; count <= written; count++) log.send(2, group, `${count}`)
  const client = await world.signIn(device, options)
  const handle = await world.open(client, group)
  await world.clock.advance(500)
  return { world, log, device, client, handle }
}

function pages(world: World): number {
  return world.server.requests.filter(request => request.op === 'message.list').length
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
}

test('history loads a page at a time, without holes, to its beginning', async () => {
  const { world, handle } = await start(120)
  expect(bodies(handle)).toEqual(range(71, 120))
  await world.wait(handle.loadOlder())
  expect(bodies(handle)).toEqual(range(21, 120))
  await world.wait(handle.loadOlder())
  expect(bodies(handle)).toEqual(range(1, 120))
  expect(handle.getSnapshot().hasOlder).toBe(false)
})

test('what was loaded once is read from the cache afterwards, also without a network', async () => {
  const { world, device, client, handle } = await start(120)
  await world.wait(handle.loadOlder())
  await client.close()
  world.server.network = 'down'
  const asked = pages(world)
  const again = await world.resume(device)
  const reopened = await world.open(again, group)
  await world.wait(reopened.loadOlder())
  expect(bodies(reopened)).toEqual(range(21, 120))
  expect(pages(world)).toBe(asked)
  await world.wait(reopened.loadOlder())
  expect(reopened.getSnapshot()).toMatchObject({ hasOlder: true, problem: { code: 'unavailable' } })
})

test('opened before anybody listens, it has what the device keeps, and keeps it for who listens then', async () => {
  const { world, device, client } = await start(120)
  await client.close()
  world.server.network = 'down'
  const again = await world.resume(device)
  const reopened = again.conversation(group)
  expect(reopened.getSnapshot().items).toEqual([])
  await world.wait(reopened.open())
  expect(bodies(reopened)).toEqual(range(71, 120))
  reopened.subscribe(() => undefined)
  expect(bodies(reopened)).toEqual(range(71, 120))
  await world.wait(again.conversation(99 as ConversationId).open())
})

test('a window stays within its bound, and finds again what fell off at either end', async () => {
  const { world, log, handle } = await start(200, { windowMessages: 100 })
  for (let page = 0; page < 4; page++) await world.wait(handle.loadOlder())
  expect(bodies(handle)).toEqual(range(1, 100))
  expect(handle.getSnapshot().hasNewer).toBe(true)
  log.send(2, group, '201')
  await world.clock.advance(500)
  expect(bodies(handle)).toEqual(range(1, 100))
  for (let page = 0; page < 3; page++) await world.wait(handle.loadNewer())
  expect(bodies(handle)).toEqual(range(102, 201))
  expect(handle.getSnapshot().hasNewer).toBe(false)
  log.send(2, group, '202')
  await world.clock.advance(500)
  expect(bodies(handle).at(-1)).toBe('202')
})

test('live messages do not push out what is being read', async () => {
  const { world, log, handle } = await start(60, { windowMessages: 50 })
  const [oldest] = messages(handle)
  handle.reads(oldest?.message.sequence ?? null)
  for (let count = 61; count <= 500; count++) log.send(2, group, `${count}`)
  await world.clock.advance(1_000)
  expect(bodies(handle)[0]).toBe('11')
  expect(handle.getSnapshot().hasNewer).toBe(true)
  await world.wait(handle.jumpToNewest())
  expect(bodies(handle).at(-1)).toBe('500')
})

test('a time is found on the server, in the cache without a network, and in the window', async () => {
  const { world, log, handle } = await start(0)
  for (let count = 1; count <= 300; count++) {
    log.send(2, group, `${count}`)
    await world.clock.advance(60_000)
  }
  const all = log.member(group, 2 as AccountId).conversation.messages
  const timeOf = (body: string) => [...all.values()].find(message => message.body === body)?.createdAt ?? ''
  const bodyAt = async (time: string) => {
    const sequence = await world.wait(handle.jumpToTime(time))
    return messages(handle).find(({ message }) => message.sequence === sequence)?.message.body
  }
  const asked = pages(world)
  expect(await bodyAt(timeOf('290'))).toBe('290')
  expect(pages(world)).toBe(asked)
  expect(await bodyAt(timeOf('40'))).toBe('40')
  world.server.network = 'down'
  expect(await bodyAt(new Date(Date.parse(timeOf('200')) + 1).toISOString())).toBe('201')
  expect(await bodyAt('2999-01-01T00:00:00.000Z')).toBe('300')
})

test('live messages do not make a window grow without end', async () => {
  const { world, log, handle } = await start(10, { windowMessages: 50 })
  for (let count = 11; count <= 500; count++) log.send(2, group, `${count}`)
  await world.clock.advance(1_000)
  expect(messages(handle).length).toBeLessThanOrEqual(150)
  expect(bodies(handle).at(-1)).toBe('500')
  expect(handle.getSnapshot().hasOlder).toBe(true)
})

test('jumping shows history around a message, from where both ways lead on', async () => {
  const { world, log, handle } = await start(300)
  const target = [...log.conversation(group).messages.values()][99]?.sequence ?? 0
  await world.wait(handle.jumpTo(target))
  expect(bodies(handle)).toContain('100')
  expect(bodies(handle)).not.toContain('300')
  expect(handle.getSnapshot()).toMatchObject({ hasOlder: true, hasNewer: true })
  await world.wait(handle.loadNewer())
  await world.wait(handle.loadOlder())
  const shown = bodies(handle).map(Number)
  expect(shown).toEqual(range(shown[0] ?? 0, shown.at(-1) ?? 0).map(Number))
  await world.wait(handle.jumpToNewest())
  expect(bodies(handle)).toEqual(range(251, 300))
})

test('while one reads further back, what one sends waits out of sight, and shows at the newest end', async () => {
  const { world, client, log, handle } = await start(300)
  const target = [...log.conversation(group).messages.values()][9]?.sequence ?? 0
  await world.wait(handle.jumpTo(target))
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(500)
  expect(handle.getSnapshot().items.every(item => item.type === 'message')).toBe(true)
  await world.wait(handle.jumpToNewest())
  expect(bodies(handle).at(-1)).toBe('mine')
})

test('a quoted message is looked up once, and null if it is not there', async () => {
  const { world, log, client, handle } = await start(200)
  const [first] = [...log.conversation(group).messages.values()]
  const quoting = (replyTo: number) => {
    const message = { ...log.send(2, group, 'a reply'), replyTo }
    log.conversation(group).messages.set(message.sequence, message)
    log.append(group, 'message.edited', { message: { ...message, version: 2 } }, message.authorId)
  }
  quoting(first?.sequence ?? 0)
  quoting(9_999)
  await world.clock.advance(1_000)
  handle.getSnapshot()
  await world.clock.advance(1_000)
  expect(messages(handle).at(-2)?.quoted?.body).toBe('1')
  expect(messages(handle).at(-1)?.quoted).toBeNull()
  const asked = pages(world)
  log.send(2, group, 'more')
  await world.clock.advance(1_000)
  handle.getSnapshot()
  await world.clock.advance(1_000)
  expect(pages(world)).toBe(asked)
  expect(client.getSnapshot().unread).toBeGreaterThan(0)
})

test('views of messages that did not change are the same objects', async () => {
  const { world, log, handle } = await start(10)
  const before = messages(handle)
  log.react(2, group, before[3]?.message.sequence ?? 0, ['👍'])
  log.send(2, group, '11')
  await world.clock.advance(500)
  const after = messages(handle)
  const kept = before.map((view, index) => view === after[index])
  expect(kept).toEqual([true, true, true, false, true, true, true, true, true, true])
})

test('the cache stays within its bound', async () => {
  const { world, log, device, client } = await start(0, { cachedMessages: 100 })
  for (let count = 1; count <= 500; count++) log.send(2, group, `${count}`)
  await world.clock.advance(5_000)
  await client.close()
  const cache = await device.caches.open('recado-1-1', () => undefined)
  const stored = await cache.read(['messages'], transaction => transaction.list('messages'))
  await cache.close()
  expect(stored.length).toBeLessThanOrEqual(100)
  expect(stored.at(-1)?.body).toBe('500')
})
