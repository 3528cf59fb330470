import type { AccountId, ConversationId, Reaction } from '@recado/protocol'
import { expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import type { FakeConversation } from '../testing/fake-log.ts'
import { bodies, type Device, messages, World } from '../testing/world.ts'

/** Two people, one of them on two devices and there in two tabs, and somebody who only writes. */
const people = [
  { id: 1, tabs: 1 },
  { id: 1, tabs: 2 },
  { id: 2, tabs: 1 },
]
const groups = [100, 101, 102]
/** Where people come and go. */
const changing = 102
const steps = 120
/** Small pages, so that what is missed comes in several, asked for ahead. */
const options = { windowMessages: 10_000, eventsPerPage: 5 }

/** In some runs the server goes back to an older copy of its log (L6). */
const restores = (seed: number) => seed % 4 === 0

interface Running {
  readonly device: Device
  client: Client
}

interface Sent {
  readonly from: Running
  readonly group: number
  readonly entryId: string
}

async function run(seed: number): Promise<void> {
  const world = new World(seed)
  const { log } = world.server
  for (const id of groups) log.createGroup(id, [1, 2, 3])
  world.server.onPush = frame => (world.random.next() < 0.1 ? [frame, frame] : [frame])
  world.server.slowMs = () => (world.random.next() < 0.2 ? Math.floor(world.random.next() * 300) : 0)
  const running: Running[] = []
  for (const { id, tabs } of people) {
    const device = world.device(id)
    running.push({ device, client: await world.signIn(device, options) })
    for (let tab = 1; tab < tabs; tab++) running.push({ device, client: await world.resume(device, options) })
  }
  const sent: Sent[] = []
  for (let step = 0; step < steps; step++) await act(world, running, { sent, seed })
  world.server.fault = () => null
  world.server.network = 'up'
  for (const { client } of running) await world.caughtUp(client)
  await world.clock.until(() => running.every(({ client }) => client.getSnapshot().outbox.waiting === 0))
  await world.clock.advance(60_000)
  for (const { device, client } of running) await compare(world, client, device.id)
  for (const { device, client } of running) await compareSaved(world, client, device.id)
  const arrived = groups.flatMap(group => [...log.conversation(group as ConversationId).messages.values()])
  const keys = arrived.map(message => message.clientMessageId)
  expect(new Set(keys).size).toBe(keys.length)
  // What was acknowledged before a restore to an older copy may be gone with it, and who is out may not write.
  const owed = sent.filter(one => !restores(seed) && !(one.group === changing && one.from.device.id === 2))
  expect(owed.map(one => one.entryId).filter(entryId => !keys.includes(entryId))).toEqual([])
  for (const from of running) {
    for (const group of groups) {
      const own = sent.filter(one => one.from === from && one.group === group).map(one => one.entryId)
      expect(keys.filter(key => own.includes(key))).toEqual(own.filter(entryId => keys.includes(entryId)))
    }
  }
}

async function act(world: World, running: Running[], { sent, seed }: { sent: Sent[]; seed: number }): Promise<void> {
  const { log } = world.server
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(world.random.next() * items.length)]
    if (item === undefined) throw new Error('Nothing to pick from.')
    return item
  }
  const group = pick(groups)
  const one = pick(running)
  const action = world.random.next()
  if (action < 0.12) {
    await Promise.race([changeSomething(world, one, { group, pick }), world.clock.advance(5)])
  } else if (action < 0.4) {
    const body = `sent at ${world.clock.now()} by ${one.device.id}`
    const stored = one.client
      .send({ conversationId: group as ConversationId, body })
      .then(entryId => sent.push({ from: one, group, entryId }))
    await Promise.race([stored, world.clock.advance(5)])
  } else if (action < 0.55) {
    log.send(3, group, `written at ${world.clock.now()} ${log.commits.length}`)
  } else if (action < 0.65) {
    const known = [...log.conversation(group as ConversationId).messages.keys()]
    if (known.length > 0) log.edit(group, pick(known), `edited ${log.commits.length}`)
  } else if (action < 0.72) {
    const known = [...log.conversation(group as ConversationId).messages.keys()]
    if (known.length > 0) log.react(3, group, pick(known), pick([['👍'], ['👍', '🎉'], []]))
  } else if (action < 0.78) {
    const last = [...log.conversation(group as ConversationId).messages.keys()].at(-1)
    if (last) one.client.conversation(group as ConversationId).markRead(last)
  } else if (action < 0.84) {
    world.server.cut()
  } else if (action < 0.88) {
    world.server.network = world.server.network === 'up' ? 'down' : 'up'
    if (world.server.network === 'down') world.server.cut()
  } else if (action < 0.92) {
    world.server.fault = () => (world.random.next() < 0.3 ? pick(['before', 'after'] as const) : null)
  } else if (action < 0.95) {
    world.kill(one.client)
    one.client = await world.resume(one.device, options)
  } else if (action < 0.97) {
    const conversation = log.conversation(changing as ConversationId)
    if (conversation.members.has(2 as AccountId)) log.leave(conversation, 2 as AccountId)
    else log.join(conversation, 2 as AccountId)
  } else if (action < 0.98 && restores(seed)) {
    world.server.cut()
    log.restore(log.conversation(groups[0] as ConversationId), 3)
  } else {
    one.client.conversation(group as ConversationId).subscribe(() => undefined)
  }
  await world.clock.advance(Math.floor(world.random.next() * 400))
}

/** Somebody edits, deletes, reacts, pins or saves, online or off: also what others may be deleting right now. */
function changeSomething(
  world: World,
  { device, client }: Running,
  { group, pick }: { group: number; pick: <Item>(items: readonly Item[]) => Item },
): Promise<void> {
  const nothing = Promise.resolve()
  const conversation = world.server.log.conversation(group as ConversationId)
  const known = [...conversation.messages.values()]
  if (known.length === 0) return nothing
  const { sequence, authorId } = pick(known)
  const own = authorId === device.id
  const dice = world.random.next()
  if (dice < 0.3)
    return own ? client.edit(conversation.id, sequence, `${device.id} edits at ${world.clock.now()}`) : nothing
  if (dice < 0.4) return own ? client.delete(conversation.id, sequence) : nothing
  if (dice < 0.6) return client.react(conversation.id, sequence, pick(['👍', '🎉']))
  if (dice < 0.7) return client.unreact(conversation.id, sequence, '👍')
  if (dice < 0.85)
    return dice < 0.8 ? client.pinMessage(conversation.id, sequence) : client.unpinMessage(conversation.id, sequence)
  return dice < 0.95 ? client.saveMessage(conversation.id, sequence) : client.unsaveMessage(conversation.id, sequence)
}

async function compare(world: World, client: Client, id: number): Promise<void> {
  const { log } = world.server
  for (const group of groups) {
    if (!log.follows(id as AccountId, group)) {
      expect(
        client.getSnapshot().conversations.filter(view => view.id === group && view.membership === 'member'),
      ).toEqual([])
      continue
    }
    const handle = await world.open(client, group)
    await world.wait(loadAll(handle))
    const conversation = log.conversation(group as ConversationId)
    const truth = [...conversation.messages.values()]
    expect(bodies(handle)).toEqual(truth.map(message => message.body))
    expect(messages(handle).map(view => byEmoji(view.message.reactions))).toEqual(
      truth.map(message => byEmoji(message.reactions)),
    )
    // What is remembered of pins shows first; then the server says.
    await world.clock.advance(2_000)
    const pinned = handle.getSnapshot().pins?.map(({ message }) => message.sequence)
    expect(pinned?.toSorted()).toEqual([...conversation.pins.keys()].toSorted())
    expect(messages(handle).filter(view => view.pinned !== conversation.pins.has(view.message.sequence))).toEqual([])
    const waitingChanges = messages(handle)
      .flatMap(view => view.changes)
      .filter(({ state }) => state !== 'refused')
    expect(waitingChanges).toEqual([])
    const waiting = handle.getSnapshot().items.filter(item => item.type === 'pending' && item.state !== 'refused')
    expect(waiting).toEqual([])
    expect(handle.getSnapshot().view?.unread).toBe(recount(conversation, id as AccountId))
  }
}

async function compareSaved(world: World, client: Client, id: number): Promise<void> {
  await client.loadSaved()
  await world.clock.until(() => client.getSnapshot().saved.state === 'known')
  const placeOf = ({ conversationId, sequence }: { conversationId: number; sequence: number }) =>
    `${conversationId}/${sequence}`
  const seen = client.getSnapshot().saved.items.map(placeOf)
  expect(seen.toSorted()).toEqual(
    world.server.log
      .saved(id as AccountId)
      .map(placeOf)
      .toSorted(),
  )
}

/** What one person leaves comes as a set: the order of emojis is nobody's promise. */
function byEmoji(reactions: readonly Reaction[]): unknown {
  return reactions
    .map(({ emoji, accountIds }) => `${emoji} ${[...accountIds].sort((a, b) => a - b)}`)
    .sort((a, b) => (a < b ? -1 : 1))
}

async function loadAll(handle: ReturnType<Client['conversation']>): Promise<void> {
  while (handle.getSnapshot().hasOlder) await handle.loadOlder()
}

function recount(conversation: FakeConversation, id: AccountId): number {
  const truth = [...conversation.messages.values()]
  const own = truth.findLast(message => message.authorId === id)?.sequence ?? 0
  const read = Math.max(conversation.members.get(id)?.read ?? 0, own)
  return truth.filter(message => message.sequence > read).length
}

for (let seed = 1; seed <= Number(process.env['RECADO_SEEDS'] ?? 40); seed++) {
  test(
    `whatever the network does, every device ends with the same messages, each once (L3, L5, L6): seed ${seed}`,
    { timeout: 60_000 },
    () => run(seed),
  )
}
