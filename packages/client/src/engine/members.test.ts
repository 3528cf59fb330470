import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { World } from '../testing/world.ts'

const group = 100 as ConversationId

test('members that were asked for without a connection come with the next one', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const client = await world.signIn(world.device(1))
  const handle = await world.open(client, group)
  world.server.network = 'down'
  await world.cut()
  await handle.loadMembers()
  expect(handle.getSnapshot().members).toBeNull()
  world.server.network = 'up'
  await world.clock.until(() => handle.getSnapshot().members !== null)
  expect(handle.getSnapshot().members?.map(member => member.person.id)).toEqual([1, 2])
})
