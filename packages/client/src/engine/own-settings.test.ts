import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { World } from '../testing/world.ts'

const group = 100 as ConversationId
const other = 101 as ConversationId

async function start() {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  world.server.log.createGroup(other, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device)
  const stored = () => world.server.log.present(group, world.server.log.account(1).id).me.settings
  return { world, device, client, stored }
}

function never(): never {
  throw new Error('the conversation is listed')
}

function viewOf(client: Client, id: ConversationId = group) {
  return client.getSnapshot().conversations.find(view => view.id === id) ?? never()
}

function updates(world: World) {
  return world.server.requests.filter(request => request.op === 'membership.update')
}

test('C2: shows at once, reaches the server, and comes to the account’s other devices', async () => {
  const { world, client, stored } = await start()
  const phone = await world.signIn(world.device(1))
  const done = client.updateSettings(group, { muted: 'forever', archived: true })
  expect(viewOf(client)).toMatchObject({ muted: 'forever', archived: true })
  expect(stored().muted).toBeNull()
  await world.wait(done)
  expect(stored()).toMatchObject({ muted: 'forever' })
  await world.clock.until(() => viewOf(phone).archived)
  expect(viewOf(phone)).toMatchObject({ muted: 'forever', archived: true })
})

test('S2: set offline it is kept, over a restart too, and told once on return', async () => {
  const { world, device, client, stored } = await start()
  world.server.network = 'down'
  await world.cut()
  await world.wait(client.updateSettings(group, { muted: 'forever' }))
  await world.wait(client.updateSettings(group, { markedUnread: true }))
  await world.wait(client.pin(group, null))
  expect(viewOf(client)).toMatchObject({ muted: 'forever', markedUnread: true, pinned: 0 })
  await client.close()
  const again = await world.resume(device)
  expect(viewOf(again)).toMatchObject({ muted: 'forever', markedUnread: true, pinned: 0 })
  world.server.network = 'up'
  await world.caughtUp(again)
  await world.clock.until(() => stored().pinned === 0)
  expect(stored()).toMatchObject({ muted: 'forever', markedUnread: 0 })
  expect(updates(world)).toHaveLength(1)
  await again.close()
  const last = await world.resume(device)
  await world.caughtUp(last)
  expect(updates(world), 'what was told is forgotten').toHaveLength(1)
})

test('L3: an answer that was lost is asked for again with the same key', async () => {
  const { world, client, stored } = await start()
  const done = client.updateSettings(group, { muted: 'forever' })
  await world.clock.until(() => updates(world).length === 1)
  await world.cut()
  await world.wait(done)
  await world.caughtUp(client)
  await world.clock.until(() => stored().muted === 'forever')
  expect(new Set(updates(world).map(({ data }) => data['key'])).size).toBe(1)
  expect(viewOf(client).muted).toBe('forever')
})

test('two devices: what was set last counts on both', async () => {
  const { world, client } = await start()
  const phone = await world.signIn(world.device(1))
  await world.wait(client.updateSettings(group, { muted: 'forever' }))
  await world.wait(phone.updateSettings(group, { muted: null }))
  await world.clock.until(() => viewOf(client).muted === null)
  await world.wait(client.updateSettings(group, { archived: true }))
  await world.clock.until(() => viewOf(phone).archived)
  expect(viewOf(client)).toMatchObject({ muted: null, archived: true })
})

test('a refusal takes it back and is told to whoever asked', async () => {
  const { world, client } = await start()
  world.server.refuseNext('membership.update', 'limit-reached')
  const pinned = client.pin(group, null)
  expect(viewOf(client).pinned).toBe(0)
  await expect(world.wait(pinned)).rejects.toMatchObject({ problem: { code: 'limit-reached' } })
  expect(viewOf(client).pinned).toBeNull()
})

test('C2: a muted conversation does not count, and counts again when the mute is over', async () => {
  const { world, client } = await start()
  world.server.log.send(2, group, 'one')
  world.server.log.send(2, other, 'two')
  await world.clock.until(() => client.getSnapshot().unread === 2)
  const until = new Date(world.clock.now() + 60_000).toISOString()
  await world.wait(client.updateSettings(group, { muted: until }))
  expect(client.getSnapshot().unread).toBe(1)
  expect(viewOf(client).unread).toBe(1)
  await world.clock.advance(61_000)
  expect(viewOf(client).muted).toBeNull()
  expect(client.getSnapshot().unread).toBe(2)
})

test('C2: archived, it comes back with the next message', async () => {
  const { world, client } = await start()
  await world.wait(client.updateSettings(group, { archived: true }))
  expect(viewOf(client).archived).toBe(true)
  world.server.log.send(2, group, 'back')
  await world.clock.until(() => viewOf(client).unread === 1)
  expect(viewOf(client).archived).toBe(false)
})

test('C2: marked as unread counts as one, and looking at its end takes the mark away everywhere', async () => {
  const { world, client, stored } = await start()
  world.server.log.send(2, group, 'one')
  await world.clock.until(() => viewOf(client).unread === 1)
  const { sequence } = world.server.log.head(group)
  client.conversation(group).markRead(sequence)
  await world.clock.until(() => viewOf(client).unread === 0)
  await world.wait(client.updateSettings(group, { markedUnread: true }))
  expect([viewOf(client).markedUnread, client.getSnapshot().unread]).toEqual([true, 1])
  client.conversation(group).markRead(sequence)
  expect(viewOf(client).markedUnread).toBe(false)
  await world.clock.until(() => stored().markedUnread === null)
})

test('who is no longer in a conversation sets nothing there, and what was set is forgotten', async () => {
  const { world, client } = await start()
  world.server.network = 'down'
  await world.cut()
  await world.wait(client.updateSettings(group, { muted: 'forever' }))
  world.server.log.leave(world.server.log.conversation(group), world.server.log.account(1).id)
  world.server.network = 'up'
  await world.caughtUp(client)
  await world.clock.until(() => client.getSnapshot().conversations.every(view => view.id !== group))
  await expect(client.updateSettings(group, { muted: null })).rejects.toMatchObject({ problem: { code: 'not-found' } })
})
