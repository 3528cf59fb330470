import type { AccountId, ConversationId } from '@recado/protocol'
import { describe, expect, test } from 'vitest'
import { bodies, messages, World } from '../testing/world.ts'

const group = 100 as ConversationId

async function start(seed = 1) {
  const world = new World(seed)
  world.server.log.createGroup(group, [1, 2])
  world.server.log.send(2, group, 'one')
  const device = world.device(1)
  const client = await world.signIn(device)
  const handle = await world.open(client, group)
  await world.clock.advance(1_000)
  return { world, log: world.server.log, device, client, handle }
}

function asked(world: World, op: string) {
  return world.server.requests.filter(request => request.op === op)
}

test('L5: an event above a gap waits until the gap was pulled', async () => {
  const { world, log, handle } = await start()
  world.server.onPush = () => []
  log.send(2, group, 'two')
  log.send(2, group, 'three')
  world.server.onPush = frame => [frame]
  log.send(2, group, 'four')
  await world.clock.until(() => bodies(handle).length > 1)
  expect(bodies(handle)).toEqual(['one', 'two', 'three', 'four'])
  expect(asked(world, 'stream.read').map(request => request.data['stream'])).toEqual([group])
})

describe('L5: what was missed comes page by page, the next asked for while one travels', () => {
  async function missed(count: number) {
    const world = new World(1)
    const { log } = world.server
    log.createGroup(group, [1, 2])
    const client = await world.signIn(world.device(1), { eventsPerPage: 4 })
    const handle = await world.open(client, group)
    await world.clock.advance(1_000)
    world.server.network = 'down'
    world.server.cut()
    await world.clock.advance(1_000)
    const sent = Array.from({ length: count }, (_, index) => log.send(2, group, `missed ${index}`).body)
    world.server.requests.length = 0
    return { world, log, client, handle, sent }
  }
  const afters = (world: World) => asked(world, 'stream.read').map(({ data }) => data['after'] ?? cursorOf(data))
  const cursorOf = (data: Record<string, unknown>) => (data['cursor'] as { sequence: number }).sequence

  test('each page once, two on their way at a time', async () => {
    const { world, client, handle, sent } = await missed(11)
    let together = 0
    world.server.slowMs = () => {
      together = Math.max(together, asked(world, 'stream.read').length)
      return 100
    }
    world.server.network = 'up'
    await world.caughtUp(client)
    expect(bodies(handle)).toEqual(sent)
    expect(afters(world)).toEqual([3, 7, 11])
    expect(together).toBeGreaterThanOrEqual(2)
  })

  test('a page that no longer joins on is asked for again', async () => {
    const { world, client, handle, sent } = await missed(11)
    world.server.log.eventsPerPage = 3
    world.server.network = 'up'
    await world.caughtUp(client)
    // The page behind the first was asked for in vain; after that none is asked for ahead.
    expect(afters(world)).toEqual([3, 7, 6, 9, 12])
    expect(bodies(handle)).toEqual(sent)
  })

  test('a connection that ends with a page on its way loses nothing', async () => {
    const { world, client, handle, sent } = await missed(11)
    world.server.slowMs = operation => (operation === 'stream.read' ? 1_000 : 0)
    world.server.network = 'up'
    await world.clock.until(() => asked(world, 'stream.read').length === 2)
    world.server.cut()
    await world.clock.advance(500)
    world.server.slowMs = () => 0
    world.server.network = 'up'
    await world.caughtUp(client)
    expect(bodies(handle)).toEqual(sent)
  })
})

test('L5: duplicate and old events change nothing', async () => {
  const { world, log, handle } = await start()
  world.server.onPush = frame => [frame, frame]
  const message = log.send(2, group, 'two')
  log.edit(group, message.sequence, 'two, edited')
  const [old] = (log.streams.get(group) ?? []).slice(-2)
  await world.clock.advance(100)
  if (old) world.server.push(1, { type: 'event', stream: group, event: old })
  await world.clock.advance(100)
  expect(bodies(handle)).toEqual(['one', 'two, edited'])
  expect(handle.getSnapshot().view?.unread).toBe(2)
  expect(asked(world, 'stream.read')).toEqual([])
})

test('an own event before its reply makes the message, and the reply no second one', async () => {
  const { world, client, handle } = await start()
  const counts: number[] = []
  handle.subscribe(() => counts.push(handle.getSnapshot().items.length))
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(1_000)
  expect(Math.max(...counts)).toBe(2)
  expect(bodies(handle)).toEqual(['one', 'mine'])
})

test('an acknowledged message stays visible as sent while its event is not there', async () => {
  const { world, client, handle } = await start()
  world.server.onPush = frame => (frame.type === 'event' ? [] : [frame])
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(1_000)
  expect(handle.getSnapshot().items.at(-1)).toMatchObject({ type: 'pending', state: 'sent', body: 'mine' })
  world.server.onPush = frame => [frame]
  await world.cut()
  await world.caughtUp(client)
  expect(bodies(handle)).toEqual(['one', 'mine'])
  expect(asked(world, 'message.send')).toHaveLength(1)
})

test('what is on its way as a page gets the events that were applied meanwhile', async () => {
  const { world, log, client } = await start()
  log.createGroup(101, [1, 2])
  const message = log.send(2, 101, 'quiet')
  await world.clock.advance(200)
  const handle = client.conversation(101 as ConversationId)
  handle.subscribe(() => undefined)
  world.server.slowMs = operation => (operation === 'message.list' ? 200 : 0)
  await world.clock.until(() => asked(world, 'message.list').some(request => request.data['conversationId'] === 101))
  log.react(2, 101, message.sequence, ['👍'])
  log.send(2, 101, 'loud')
  await world.clock.advance(500)
  expect(messages(handle).map(view => [view.message.body, view.message.reactions.length])).toEqual([
    ['quiet', 1],
    ['loud', 0],
  ])
})

test('L6: a mark is stored only when all that it vouches for is stored', async () => {
  const { world, log, device, client } = await start()
  world.server.network = 'down'
  await world.cut()
  for (let count = 0; count < 5; count++) log.send(2, group, `missed ${count}`)
  world.server.network = 'up'
  client.wake()
  // Dies with the events of the gap on their way: the resume was answered, the pull was not.
  await world.clock.until(() => asked(world, 'stream.read').length > 0)
  const marks = asked(world, 'session.resume').map(request => request.data['mark'])
  world.kill(client)
  await world.clock.advance(1_000)
  const again = await world.resume(device)
  await world.caughtUp(again)
  expect(asked(world, 'session.resume').at(-1)?.data['mark']).toEqual(marks.at(-1))
  expect(bodies(await world.open(again, group))).toEqual(['one', ...[0, 1, 2, 3, 4].map(n => `missed ${n}`)])
})

test('S1: waking finds out soon that a connection was begun into a network that is gone', async () => {
  const { world, log, client } = await start()
  world.server.slowMs = operation => (operation === 'session.resume' ? 60_000 : 0)
  await world.cut()
  await world.clock.until(() => asked(world, 'session.resume').length > 1)
  log.send(2, group, 'two')
  world.server.slowMs = () => 0
  client.wake()
  await world.clock.advance(6_000)
  expect(client.getSnapshot().connection).toMatchObject({ state: 'online', caughtUp: true })
})

test('S1: a long outage does not make a client patient with a connection that does not come about', async () => {
  const { world, client } = await start()
  world.server.network = 'down'
  await world.cut()
  await world.clock.advance(60_000)
  world.server.slowMs = operation => (operation === 'session.resume' ? 600_000 : 0)
  world.server.network = 'up'
  const before = asked(world, 'session.resume').length
  client.wake()
  await world.clock.advance(14_000)
  expect(asked(world, 'session.resume').length - before).toBeGreaterThanOrEqual(2)
})

test('S1: a connection that does not come about is given up, at first soon, then with more patience', async () => {
  const { world } = await start()
  world.server.slowMs = operation => (operation === 'session.resume' ? 600_000 : 0)
  const attempts = () => asked(world, 'session.resume').length - 1
  await world.cut()
  await world.clock.advance(7_000)
  expect(attempts()).toBe(2)
  await world.clock.advance(60_000)
  expect(attempts()).toBeLessThanOrEqual(6)
})

test('a later mark spares the next start what is already stored', async () => {
  const { world, log, device, client } = await start()
  log.send(2, group, 'two')
  await world.clock.advance(100)
  world.server.caughtUp()
  await world.clock.advance(100)
  await client.close()
  const before = world.server.requests.length
  const again = await world.resume(device)
  await world.caughtUp(again)
  expect(world.server.requests.slice(before).map(request => request.op)).toEqual(['session.resume'])
  expect(bodies(await world.open(again, group))).toEqual(['one', 'two'])
})

test('the app opens on what the cache remembers, without a network', async () => {
  const { world, device, client } = await start()
  await client.close()
  world.server.network = 'down'
  const again = await world.resume(device)
  expect(again.getSnapshot()).toMatchObject({ ready: true, me: { id: 1 }, connection: { state: 'connecting' } })
  expect(again.getSnapshot().conversations.map(view => view.id)).toEqual([group])
  expect(bodies(await world.open(again, group))).toEqual(['one'])
})

test('L6: a new epoch empties cursors and pages, never the outbox', async () => {
  const { world, log, client, handle } = await start()
  world.server.network = 'down'
  await world.cut()
  await client.send({ conversationId: group, body: 'unsent' })
  log.epoch = 'epoch-2'
  const conversation = log.conversation(group)
  conversation.messages.clear()
  log.streams.set(group, (log.streams.get(group) ?? []).slice(0, 3))
  log.send(2, group, 'of the other history')
  await world.clock.advance(100)
  world.server.network = 'up'
  await world.caughtUp(client)
  await world.clock.until(() => client.getSnapshot().outbox.waiting === 0)
  await world.clock.advance(1_000)
  expect(bodies(handle)).toEqual(['of the other history', 'unsent'])
})

test('L10: a `behind` frame names streams, and they are pulled', async () => {
  const { world, log, handle } = await start()
  world.server.onPush = () => []
  log.send(2, group, 'two')
  world.server.onPush = frame => [frame]
  world.server.push(1, { type: 'behind', streams: [log.streamHead(group)] })
  await world.clock.until(() => bodies(handle).length > 1)
  expect(bodies(handle)).toEqual(['one', 'two'])
})

test('a stream too far behind starts over from a snapshot', async () => {
  const { world, log, client, handle } = await start()
  world.server.network = 'down'
  await world.cut()
  for (let count = 0; count < 10_100; count++) log.send(2, group, `missed ${count}`)
  world.server.network = 'up'
  await world.caughtUp(client)
  await world.clock.advance(1_000)
  expect(asked(world, 'stream.read')).toEqual([])
  expect(bodies(handle).at(-1)).toBe('missed 10099')
  expect(messages(handle)).toHaveLength(50)
  await world.wait(handle.loadOlder())
  expect(bodies(handle)[0]).toBe('missed 10000')
})

test('L8: joining and leaving come by the account’s own stream', async () => {
  const { world, log, client } = await start()
  const other = log.createGroup(101, [2])
  log.join(other, 1 as AccountId)
  await world.clock.advance(300)
  expect(client.getSnapshot().conversations.map(view => view.id)).toContain(101)
  world.server.fault = () => 'before'
  await client.send({ conversationId: other.id, body: 'too late' })
  log.leave(other, 1 as AccountId)
  world.server.fault = () => null
  await world.clock.until(() => client.getSnapshot().outbox.refused === 1)
  const handle = client.conversation(other.id)
  expect(handle.getSnapshot().view).toBeNull()
  expect(client.getSnapshot().conversations.find(view => view.id === other.id)).toMatchObject({
    membership: 'left',
    refused: 1,
  })
  const opened = await world.open(client, group)
  expect(bodies(opened)).toEqual(['one'])
})

test('a removed member’s cache of that conversation is gone after a restart', async () => {
  const { world, log, device, client } = await start()
  log.leave(log.conversation(group), 1 as AccountId)
  await world.clock.advance(300)
  await client.close()
  world.server.network = 'down'
  const again = await world.resume(device)
  expect(again.getSnapshot().conversations).toEqual([])
})

test('L11: reading on one device moves the counter of the other, and survives being offline', async () => {
  const { world, log, client } = await start()
  const second = await world.signIn(world.device(1))
  log.send(2, group, 'two')
  await world.clock.advance(200)
  expect(second.getSnapshot().unread).toBe(2)
  world.server.network = 'down'
  await world.cut()
  client.conversation(group).markRead(log.head(group).sequence)
  expect(client.getSnapshot().unread).toBe(0)
  world.server.network = 'up'
  await world.caughtUp(client)
  await world.caughtUp(second)
  await world.clock.advance(2_000)
  expect(second.getSnapshot().unread).toBe(0)
  expect(log.conversation(group).members.get(1 as AccountId)?.read).toBe(log.head(group).sequence)
})

test('L11: one’s own message shows sent, delivered, read as the other’s positions move', async () => {
  const { world, log, client, handle } = await start()
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(1_000)
  const state = () => messages(handle).at(-1)?.state
  expect(state()).toBe('sent')
  const { sequence } = log.head(group)
  const report = (to: { delivered?: number; read?: number }) => {
    const conversation = log.movePosition(group, 2 as AccountId, to)
    const items = log.positions(conversation, conversation.registers - 1)
    world.server.push(1, { type: 'positions', conversationId: group, version: conversation.registers, items })
  }
  report({ delivered: sequence })
  await world.clock.advance(100)
  expect(state()).toBe('delivered')
  report({ read: sequence })
  await world.clock.advance(100)
  expect(state()).toBe('read')
  expect(handle.receiptsOf(sequence).read).toEqual([2])
})

test('C5: who hides what was read is not shown to have read what came before their own message, until they show it', async () => {
  const { world, log, client, handle } = await start()
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(1_000)
  const { sequence } = log.head(group)
  const bo = log.conversation(group).members.get(2 as AccountId)
  if (bo === undefined) throw new Error('nobody is there')
  const tell = () => {
    const conversation = log.movePosition(group, 2 as AccountId, { delivered: log.head(group).sequence })
    const items = log.positions(conversation, conversation.registers - 1)
    world.server.push(1, { type: 'positions', conversationId: group, version: conversation.registers, items })
  }
  bo.readHidden = true
  tell()
  log.send(2, group, 'theirs')
  await world.clock.advance(200)
  expect(handle.receiptsOf(sequence)).toEqual({ delivered: [2], read: [] })
  expect(messages(handle).find(item => item.message.sequence === sequence)?.state).toBe('delivered')
  delete bo.readHidden
  tell()
  await world.clock.advance(200)
  expect(handle.receiptsOf(sequence)).toEqual({ delivered: [2], read: [2] })
})

test('delivered is reported once it is stored, and not for one’s own messages', async () => {
  const { world, log, client } = await start()
  expect(asked(world, 'position.move').map(request => request.data['delivered'])).toEqual([log.head(group).sequence])
  await client.send({ conversationId: group, body: 'mine' })
  await world.clock.advance(1_000)
  expect(asked(world, 'position.move')).toHaveLength(1)
})

test('a listener hears what was said in a conversation since one joined it, not what was said before', async () => {
  const { world, log, client } = await start()
  const heard: (string | null)[] = []
  client.on('message.created', event => heard.push(event.data.message.body))
  const other = log.createGroup(101, [2])
  log.send(2, other.id, 'before')
  await world.clock.advance(100)
  log.join(other, 1 as AccountId)
  log.send(2, other.id, 'after')
  await world.clock.advance(500)
  expect(heard).toEqual(['after'])
  await world.cut()
  const third = log.createGroup(102, [2])
  log.join(third, 1 as AccountId)
  log.send(2, third.id, 'while away')
  await world.caughtUp(client)
  await world.clock.advance(500)
  expect(heard).toEqual(['after', 'while away'])
  expect(bodies(await world.open(client, 101))).toEqual(['before', 'after'])
})

test('a listener hears what happens while the list of conversations is on its way', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const client = world.start(world.device(1))
  const heard: (string | null)[] = []
  client.on('message.created', event => heard.push(event.data.message.body))
  world.server.slowMs = operation => (operation === 'conversation.list' ? 500 : 0)
  void client.signIn({ login: 'person1', password: 'password' })
  await world.clock.until(() => client.getSnapshot().connection.state === 'online')
  world.server.log.send(2, group, 'early')
  await world.caughtUp(client)
  world.server.log.send(2, group, 'late')
  await world.clock.advance(500)
  expect(heard).toEqual(['early', 'late'])
  expect(client.getSnapshot().unread).toBe(2)
})

test('a conversation that is joined while the list is on its way is there', async () => {
  const world = new World()
  world.server.log.createGroup(group, [1, 2])
  const client = world.start(world.device(1))
  world.server.slowMs = operation => (operation === 'conversation.list' ? 500 : 0)
  // Its own events are lost on the way.
  world.server.onPush = frame => (frame.type === 'event' && frame.stream === 102 ? [] : [frame])
  void client.signIn({ login: 'person1', password: 'password' })
  await world.clock.until(() => client.getSnapshot().connection.state === 'online')
  await world.clock.until(() => world.server.requests.some(({ op }) => op === 'conversation.list'))
  world.server.log.createGroup(102, [1, 2])
  await world.caughtUp(client)
  await world.clock.advance(1_000)
  expect(client.getSnapshot().conversations.map(view => view.id)).toContain(102)
})

test('a listener hears each event once, in order, also those caught up on', async () => {
  const { world, log, client } = await start()
  const heard: (string | null)[] = []
  client.on('message.created', event => heard.push(event.data.message.body))
  log.send(2, group, 'two')
  await world.clock.advance(100)
  await world.cut()
  log.send(2, group, 'three')
  await world.caughtUp(client)
  log.send(2, group, 'four')
  await world.clock.advance(100)
  expect(heard).toEqual(['two', 'three', 'four'])
})
