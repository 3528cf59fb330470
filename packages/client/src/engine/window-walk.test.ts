import type { ConversationId } from '@recado/protocol'
import { expect, test } from 'vitest'
import { messages, World } from '../testing/world.ts'

const group = 100 as ConversationId

/** Wanders through a history that goes on being written, on a line that breaks. */
async function walk(seed: number): Promise<void> {
  const world = new World(seed)
  const { log } = world.server
  log.createGroup(group, [1, 2])
  for (let count = 0; count < 150; count++) log.send(2, group, `old ${count}`)
  const client = await world.signIn(world.device(1), { windowMessages: 70, cachedMessages: 120 })
  world.server.slowMs = () => (world.random.next() < 0.3 ? Math.floor(world.random.next() * 300) : 0)
  const handle = await world.open(client, group)
  const truth = () => [...log.conversation(group).messages.values()]
  const anywhere = () => truth()[Math.floor(world.random.next() * truth().length)]?.sequence ?? 1
  for (let step = 0; step < 60; step++) {
    const action = world.random.next()
    if (action < 0.2) void handle.loadOlder()
    else if (action < 0.4) void handle.loadNewer()
    else if (action < 0.5) void handle.jumpTo(anywhere())
    else if (action < 0.55) void handle.jumpToNewest()
    else if (action < 0.75) log.send(2, group, `new ${step}`)
    else if (action < 0.85) log.edit(group, anywhere(), `edited ${step}`)
    else if (action < 0.95) log.react(2, group, anywhere(), ['👍'])
    else await world.cut()
    await world.clock.advance(Math.floor(world.random.next() * 300))
    const shown = messages(handle).map(view => view.message.sequence)
    const all = truth().map(message => message.sequence)
    const from = all.indexOf(shown[0] ?? 0)
    expect(shown, `a hole at step ${step}`).toEqual(shown.length === 0 ? [] : all.slice(from, from + shown.length))
    expect(shown.length).toBeLessThanOrEqual(170)
  }
  await world.caughtUp(client)
  await world.clock.advance(60_000)
  const [first] = messages(handle)
  const from = truth().findIndex(message => message.sequence === first?.message.sequence)
  const { hasNewer, hasOlder, loading } = handle.getSnapshot()
  const shown = messages(handle).map(view => view.message)
  expect(shown).toEqual(truth().slice(from, from + shown.length))
  expect([hasOlder, hasNewer]).toEqual([from > 0, from + shown.length < truth().length])
  expect(loading).toEqual({ first: false, older: false, newer: false })
}

for (let seed = 1; seed <= Number(process.env['RECADO_SEEDS'] ?? 40); seed++) {
  test(`a window never has a hole, wherever one goes in it: seed ${seed}`, () => walk(seed))
}
