/** L11: up to a certain number of members everybody gets positions; above it, only who looks. */
import { type AccountId, type ConversationId, limits, type OperationName } from '@recado/protocol'
import { expect, test } from 'vitest'
import { World } from '../testing/world.ts'

const group = 100 as ConversationId
const second = 101 as ConversationId
const [other, silent] = [2 as AccountId, 3 as AccountId]
const more = (limits.positionsBroadcastMembers + 1) as AccountId

async function start(members: number) {
  const world = new World()
  const { log } = world.server
  const everybody = Array.from({ length: members }, (_, index) => index + 1)
  const conversation = log.createGroup(group, everybody)
  log.createGroup(second, everybody)
  log.send(other, group, 'hello')
  // Its own position would move too, and have the others asked for.
  const client = await world.signIn(world.device(1), { receipts: 'none' })
  const look = (at: ConversationId) => client.conversation(at).subscribe(() => undefined)
  const readOf = (id: AccountId) => client.conversation(group).getSnapshot().positions.get(id)?.read
  const asked = (operation: OperationName) =>
    world.server.requests.filter(({ op }) => op === operation).map(({ data }) => data)
  return { world, log, conversation, look, readOf, asked }
}

/** The other one reads at that moment, and the server tells nobody who does not look. */
test.each([
  ['grows beyond that', limits.positionsBroadcastMembers],
  ['shrinks to that', limits.positionsBroadcastMembers + 1],
])('what moved in an opened group while it %s is asked for', async (_, members) => {
  const { world, log, conversation, look, readOf, asked } = await start(members)
  look(group)
  await world.clock.advance(1_000)
  const { sequence } = log.send(1, group, 'read this')
  await world.clock.advance(1_000)
  expect(readOf(other)).toBeLessThan(sequence)
  log.movePosition(group, other, { delivered: sequence, read: sequence })
  if (members > limits.positionsBroadcastMembers) log.leave(conversation, more)
  else log.join(conversation, more)
  await world.clock.until(() => readOf(other) === sequence)
  expect(asked('position.watch')).toContainEqual({ conversationIds: [group] })
})

test('several at once are watched, but none that nobody looks at; who looks again sees what moved meanwhile', async () => {
  const { world, log, look, readOf, asked } = await start(limits.positionsBroadcastMembers + 1)
  const stop = look(group)
  await world.clock.advance(1_000)
  look(second)
  await world.clock.advance(1_000)
  stop()
  await world.clock.advance(1_000)
  log.movePosition(group, silent, { delivered: 1, read: 1 })
  expect(readOf(silent)).toBe(0)
  look(group)
  await world.clock.until(() => readOf(silent) === 1)
  expect(asked('position.watch')).toEqual([
    { conversationIds: [group] },
    { conversationIds: [group, second] },
    { conversationIds: [second] },
    { conversationIds: [group, second] },
  ])
})

test('what moves on the first page of positions while the second is read is not taken for known', async () => {
  const { world, log, look, readOf, asked } = await start(limits.eventsPageSize + 1)
  look(group)
  await world.clock.until(() => asked('position.list').length === 1)
  log.movePosition(group, silent, { delivered: 1, read: 1 })
  await world.clock.until(() => asked('position.list').length === 2)
  await world.clock.advance(1_000)
  expect(readOf(silent)).toBe(0)
  await world.cut()
  await world.clock.until(() => readOf(silent) === 1)
})
