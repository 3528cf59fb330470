import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { bodies, messages, pending, World } from '../testing/world.ts'

test('a signed-in client shows its conversations, their messages and what comes live', async () => {
  const world = new World()
  world.server.log.createGroup(100, [1, 2])
  world.server.log.send(2, 100, 'one')
  const client = await world.signIn(world.device(1))
  expect(client.getSnapshot().conversations.map(view => [view.id, view.unread])).toEqual([[100, 1]])
  const handle = await world.open(client, 100)
  expect(bodies(handle)).toEqual(['one'])
  world.server.log.send(2, 100, 'two')
  await world.clock.advance(100)
  expect(bodies(handle)).toEqual(['one', 'two'])
  expect(client.getSnapshot().unread).toBe(2)
})

test('a sent message is pending until its event, and never shown twice', async () => {
  const world = new World()
  world.server.log.createGroup(100, [1, 2])
  const client = await world.signIn(world.device(1))
  const handle = await world.open(client, 100)
  let most = 0
  handle.subscribe(() => {
    most = Math.max(most, handle.getSnapshot().items.length)
  })
  await client.send({ conversationId: 100 as ConversationId, body: 'hello' })
  expect(pending(handle).map(item => item.body)).toEqual(['hello'])
  const { key } = pending(handle)[0] ?? {}
  await world.clock.advance(1_000)
  expect(bodies(handle)).toEqual(['hello'])
  expect(messages(handle)[0]?.key).toBe(key)
  expect(pending(handle)).toEqual([])
  expect(most).toBe(1)
  expect(client.getSnapshot().outbox).toEqual({ waiting: 0, refused: 0 })
  expect(client.getSnapshot().unread).toBe(0)
})
