/** L11: up to a certain number of members everybody gets positions; above it, only who looks. */
import { type AccountId, type ConversationId, limits } from '@recado/protocol'
import { expect, test } from 'vitest'
import { World } from '../testing/world.ts'

const group = 100 as ConversationId
const other = 2 as AccountId
const more = (limits.positionsBroadcastMembers + 1) as AccountId

async function start(members: number) {
  const world = new World()
  const { log } = world.server
  const conversation = log.createGroup(
    group,
    Array.from({ length: members }, (_, index) => index + 1),
  )
  log.send(other, group, 'hello')
  const client = await world.signIn(world.device(1))
  const handle = await world.open(client, group)
  await world.clock.advance(1_000)
  const readOfOther = () => handle.getSnapshot().positions.get(other)?.read
  return { world, log, conversation, readOfOther }
}

/** The other one reads at that moment, and the server tells nobody who does not look. */
test.each([
  ['grows beyond that', limits.positionsBroadcastMembers],
  ['shrinks to that', limits.positionsBroadcastMembers + 1],
])('what moved in an opened group while it %s is asked for', async (_, members) => {
  const { world, log, conversation, readOfOther } = await start(members)
  const { sequence } = log.send(1, group, 'read this')
  await world.clock.advance(1_000)
  expect(readOfOther()).toBeLessThan(sequence)
  log.movePosition(group, other, { delivered: sequence, read: sequence })
  if (members > limits.positionsBroadcastMembers) log.leave(conversation, more)
  else log.join(conversation, more)
  await world.clock.until(() => readOfOther() === sequence)
  const watched = world.server.requests.filter(request => request.op === 'position.watch').map(({ data }) => data)
  expect(watched).toContainEqual({ conversationId: group })
})
