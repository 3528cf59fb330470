import type { AccountId, ConversationId } from '@recado/protocol'
import { beforeAll, expect, test } from 'vitest'
import type { Client, MessageSearchOptions, MessageSearchResult } from '../index.ts'
import { World } from '../testing/world.ts'

// Loading takes real time, of which a virtual clock knows nothing.
beforeAll(() => import('./search.ts'))

const team = 100 as ConversationId
const club = 101 as ConversationId

async function start() {
  const world = new World()
  const { log } = world.server
  log.createGroup(team, [1, 2])
  log.createGroup(club, [1, 2])
  const device = world.device(1)
  const client = await world.signIn(device)
  await world.clock.advance(1_000)
  const find = (query: string, options?: MessageSearchOptions) => world.wait(client.searchMessages(query, options))
  return { world, log, device, client, find }
}

/** By conversation: the texts of its hits. */
function shown({ groups }: MessageSearchResult): Record<number, string[]> {
  return Object.fromEntries(groups.map(group => [group.conversationId, group.hits.map(hit => hit.body)]))
}

test('S2: without a network, what is stored is found, grouped, the most recent first', async () => {
  const { world, log, find } = await start()
  log.send(2, club, 'O café é aqui')
  await world.clock.advance(1_000)
  log.send(2, team, 'cafeteira nova')
  log.send(2, team, 'nothing of the kind')
  log.send(2, team, 'mais CAFÉ')
  await world.clock.advance(1_000)
  world.server.network = 'down'
  await world.cut()
  const result = await find('cafe')
  expect(result.state).toBe('complete')
  expect(result.groups.map(group => group.conversationId)).toEqual([team, club])
  expect(shown(result)).toEqual({ [team]: ['mais CAFÉ', 'cafeteira nova'], [club]: ['O café é aqui'] })
  const [hit] = result.groups[1]?.hits ?? []
  expect(hit?.ranges.map(([from, to]) => hit.body.slice(from, to))).toEqual(['café'])
  expect(shown(await find('   '))).toEqual({})
})

test('S2: operators narrow it as on the server, and what only the server can follow is named', async () => {
  const { world, log, find } = await start()
  log.send(2, club, 'crane one, see https://example.org')
  await world.clock.advance(3_600_000)
  const boundary = new Date(world.clock.now()).toISOString()
  await world.clock.advance(1_000)
  log.send(2, team, 'quay crane two')
  log.send(1, team, 'crane quay three')
  await world.clock.advance(1_000)
  const one = { [club]: ['crane one, see https://example.org'] }
  const later = { [team]: ['crane quay three', 'quay crane two'] }
  expect(shown(await find('crane from:me'))).toEqual({ [team]: ['crane quay three'] })
  expect(shown(await find('from:me'))).toEqual({ [team]: ['crane quay three'] })
  expect(shown(await find('crane from:nobody'))).toEqual({})
  expect(shown(await find('"quay crane"'))).toEqual({ [team]: ['quay crane two'] })
  expect(shown(await find(`crane before:${boundary}`))).toEqual(one)
  expect(shown(await find(`crane after:${boundary}`))).toEqual(later)
  expect(shown(await find('crane has:link'))).toEqual(one)
  expect(shown(await find('crane in:chat'))).toEqual({ ...one, ...later })
  expect(shown(await find('crane in:nowhere'))).toEqual({})
  expect(shown(await find('crane has:image'))).toEqual({})
  expect(shown(await find('crane to:me'))).toEqual({})
  expect(shown(await find('crane in:mail'))).toEqual({})
  // Whoever answers has read what came before.
  expect(shown(await find('crane is:unread'))).toEqual(one)
  expect(await find('crane is:starred')).toMatchObject({ groups: [], beyond: ['is:starred'] })
  expect(await find('crane before:soon')).toMatchObject({ groups: [], unknown: ['before:soon'] })
})

test('L12: what was edited is found by its new words only, and what was deleted not at all', async () => {
  const { world, log, find } = await start()
  const edited = log.send(2, team, 'lunch on monday')
  const deleted = log.send(2, team, 'lunch on friday')
  await world.clock.advance(1_000)
  expect(shown(await find('lunch'))[team]).toHaveLength(2)
  log.edit(team, edited.sequence, 'dinner on monday')
  log.erase(team, deleted.sequence)
  await world.clock.advance(1_000)
  expect(shown(await find('lunch'))).toEqual({})
  expect(shown(await find('dinner'))).toEqual({ [team]: ['dinner on monday'] })
  log.send(2, team, 'lunch after all')
  await world.clock.advance(1_000)
  expect(shown(await find('lunch'))).toEqual({ [team]: ['lunch after all'] })
})

test('L8: what one left is not found any more, and what one is still in is', async () => {
  const { world, log, find } = await start()
  log.send(2, team, 'the secret plan')
  log.send(2, club, 'the open plan')
  await world.clock.advance(1_000)
  expect(Object.keys(shown(await find('plan')))).toHaveLength(2)
  log.leave(log.conversation(team), 1 as AccountId)
  await world.clock.advance(1_000)
  expect(shown(await find('plan'))).toEqual({ [club]: ['the open plan'] })
})

test('older pages that are stored later are found by the next search', async () => {
  const world = new World()
  const { log } = world.server
  log.createGroup(team, [1, 2])
  for (let number = 1; number <= 120; number += 1) log.send(2, team, `letter ${number}.`)
  const client: Client = await world.signIn(world.device(1))
  const handle = await world.open(client, team)
  await world.clock.advance(1_000)
  expect(shown(await world.wait(client.searchMessages('letter 12')))[team]).toContain('letter 120.')
  expect(shown(await world.wait(client.searchMessages('letter 2')))).toEqual({})
  while (handle.getSnapshot().hasOlder) await world.wait(handle.loadOlder())
  await world.clock.advance(1_000)
  const options = { conversationId: team, perConversation: 100 }
  const all = await world.wait(client.searchMessages('letter 2', options))
  expect(shown(all)[team]).toContain('letter 2.')
  expect(all.groups[0]?.more).toBe(false)
})

test('L10: a conversation shows so many, and says that there are more; enough hits end the search', async () => {
  const { world, log, find } = await start()
  for (let number = 1; number <= 30; number += 1) log.send(2, team, `letter ${number}.`)
  await world.clock.advance(1_000)
  log.send(2, club, 'one letter')
  await world.clock.advance(1_000)
  const some = await find('letter', { perConversation: 5 })
  const [first, second] = some.groups
  expect([first?.conversationId, first?.more]).toEqual([club, false])
  expect([second?.hits.length, second?.hits[0]?.body, second?.more]).toEqual([5, 'letter 30.', true])
  const enough = await find('letter', { limit: 1 })
  expect([enough.groups.length, enough.state]).toEqual([1, 'limited'])
})

test('a search that is given up rejects, and the next one finds', async () => {
  const { world, log, client, find } = await start()
  log.send(2, team, 'a letter')
  await world.clock.advance(1_000)
  const given = new AbortController()
  const first = client.searchMessages('letter', { signal: given.signal })
  given.abort(new Error('typed on'))
  await expect(world.wait(first)).rejects.toThrow('typed on')
  expect(shown(await find('letter'))).toEqual({ [team]: ['a letter'] })
})
