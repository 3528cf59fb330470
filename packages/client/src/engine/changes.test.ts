/** What is done to messages without a network: kept, shown at once, sent in order, cancellable (S2, C7). */
import type { ConversationId } from '@recado/protocol'
import { describe, expect, test } from 'vitest'
import type { Client } from '../client-api.ts'
import { messages, pending, World } from '../testing/world.ts'

const group = 100 as ConversationId
const elsewhere = 101 as ConversationId

async function start() {
  const world = new World()
  const { log } = world.server
  for (const id of [group, elsewhere]) log.createGroup(id, [1, 2])
  const own = log.send(1, group, 'mine').sequence
  const theirs = log.send(2, group, 'theirs').sequence
  const device = world.device(1)
  const client = await world.signIn(device)
  const handle = await world.open(client, group)
  const view = (sequence: number) => messages(handle).find(({ message }) => message.sequence === sequence)
  return { world, log, device, client, handle, own, theirs, view }
}

async function goOffline(world: World): Promise<void> {
  world.server.network = 'down'
  await world.cut()
}

const settled = (world: World, client: Client) => world.clock.until(() => client.getSnapshot().outbox.waiting === 0)

function changesIn(world: World) {
  const kinds = /^message\.(edit|delete|react|unreact|pin|unpin|save|unsave|forward)$/
  return world.server.requests.filter(({ op }) => kinds.test(op)).map(({ op }) => op)
}

describe('without a network', () => {
  test('an edit, a reaction, a pin and a saved message show at once with their state, and go out in order', async () => {
    const { world, log, client, own, theirs, view, handle } = await start()
    await client.loadSaved()
    await world.clock.until(() => client.getSnapshot().saved.state === 'known')
    await goOffline(world)
    await client.edit(group, own, 'mine, edited')
    await client.react(group, theirs, '👍')
    await client.pinMessage(group, theirs)
    await client.saveMessage(group, theirs)
    expect(view(own)).toMatchObject({
      message: { body: 'mine, edited' },
      changes: [{ state: 'waiting', change: { kind: 'edit' } }],
    })
    expect(view(theirs)).toMatchObject({
      message: { reactions: [{ emoji: '👍', accountIds: [1] }] },
      pinned: true,
      saved: true,
      changes: [{ change: { kind: 'react' } }, { change: { kind: 'pin' } }, { change: { kind: 'save' } }],
    })
    expect(handle.getSnapshot().pins).toMatchObject([{ message: { sequence: theirs }, pin: null }])
    expect(client.getSnapshot().saved.items).toMatchObject([{ sequence: theirs }])
    expect(log.conversation(group).messages.get(own)?.body).toBe('mine')
    world.server.network = 'up'
    await settled(world, client)
    expect(changesIn(world)).toEqual(['message.edit', 'message.react', 'message.pin', 'message.save'])
    expect(log.conversation(group).messages.get(own)?.body).toBe('mine, edited')
    expect(view(theirs)).toMatchObject({ pinned: true, saved: true, changes: [] })
    expect(handle.getSnapshot().pins).toMatchObject([{ message: { sequence: theirs }, pin: { accountId: 1 } }])
  })

  test('the list of conversations shows what will become of the newest message', async () => {
    const { world, client, own, log } = await start()
    log.delete(group, own)
    const last = log.send(1, group, 'newest').sequence
    await world.clock.until(() => client.getSnapshot().conversations[0]?.conversation.lastMessage?.sequence === last)
    await goOffline(world)
    await client.delete(group, last)
    expect(client.getSnapshot().conversations[0]?.conversation.lastMessage?.body).toBeNull()
  })

  test('what was not sent is cancelled, and the message is as it was', async () => {
    const { world, client, own, view } = await start()
    await goOffline(world)
    await client.delete(group, own)
    expect(view(own)?.message.body).toBeNull()
    expect(await client.cancel(view(own)?.changes[0]?.entryId ?? '')).toBe(true)
    expect(view(own)).toMatchObject({ message: { body: 'mine' }, changes: [] })
    world.server.network = 'up'
    await world.caughtUp(client)
    expect(changesIn(world)).toEqual([])
  })

  test('changes outlive the program', async () => {
    const { world, log, device, client, own } = await start()
    await goOffline(world)
    await client.edit(group, own, 'survives')
    world.kill(client)
    world.server.network = 'up'
    const again = await world.resume(device)
    await world.caughtUp(again)
    await settled(world, again)
    expect(log.conversation(group).messages.get(own)?.body).toBe('survives')
  })

  test('a forward shows its text and first author, and becomes the message', async () => {
    const { world, client, theirs, view } = await start()
    const other = await world.open(client, elsewhere)
    const message = view(theirs)?.message
    if (!message) throw new Error('no message')
    await goOffline(world)
    await client.forward({ message, to: [elsewhere] })
    expect(pending(other)).toMatchObject([{ body: 'theirs', forwardedFrom: 2, state: 'waiting' }])
    world.server.network = 'up'
    await settled(world, client)
    expect(messages(other).map(item => item.message.body)).toEqual(['theirs'])
    expect(pending(other)).toEqual([])
  })
})

describe('L3: order and retries', () => {
  test('a refused edit goes out again before the one after it, and neither twice', async () => {
    const { world, log, client, own, view } = await start()
    let refusals = 1
    world.server.fault = () => (refusals-- > 0 ? 'before' : null)
    await client.edit(group, own, 'first')
    await client.edit(group, own, 'second')
    await settled(world, client)
    expect(log.conversation(group).messages.get(own)).toMatchObject({ body: 'second', version: 3 })
    expect(view(own)).toMatchObject({ message: { body: 'second' }, changes: [] })
  })

  test('a change that was written although it was refused is not made twice', async () => {
    const { world, log, client, own } = await start()
    let refusals = 1
    world.server.fault = () => (refusals-- > 0 ? 'after' : null)
    await client.edit(group, own, 'once')
    await settled(world, client)
    expect(log.conversation(group).messages.get(own)).toMatchObject({ body: 'once', version: 2 })
  })

  test('a message after an edit waits for it', async () => {
    const { world, client, own } = await start()
    await goOffline(world)
    await client.edit(group, own, 'first')
    await client.send({ conversationId: group, body: 'second' })
    world.server.network = 'up'
    await settled(world, client)
    const ops = world.server.requests.map(({ op }) => op).filter(op => op === 'message.edit' || op === 'message.send')
    expect(ops).toEqual(['message.edit', 'message.send'])
  })
})

describe('races with a deletion', () => {
  test('an edit that came too late keeps its text until one lets it go; a reaction just goes', async () => {
    const { world, log, client, own, view } = await start()
    await goOffline(world)
    await client.edit(group, own, 'words of mine')
    await client.react(group, own, '👍')
    log.delete(group, own)
    world.server.network = 'up'
    await world.caughtUp(client)
    await settled(world, client)
    expect(view(own)).toMatchObject({
      message: { body: null, reactions: [] },
      changes: [{ state: 'refused', change: { body: 'words of mine' }, problem: { code: 'message-deleted' } }],
    })
    expect(client.getSnapshot().outbox).toEqual({ waiting: 0, refused: 1 })
    expect(await client.cancel(view(own)?.changes[0]?.entryId ?? '')).toBe(true)
    expect(view(own)?.changes).toEqual([])
  })

  test('two who delete the same message both find it deleted', async () => {
    const { world, log, client, own, view } = await start()
    await goOffline(world)
    await client.delete(group, own)
    log.delete(group, own)
    world.server.network = 'up'
    await settled(world, client)
    expect(view(own)).toMatchObject({ message: { body: null, version: 2 }, changes: [] })
    expect(client.getSnapshot().outbox).toEqual({ waiting: 0, refused: 0 })
  })

  test('L8: who was removed meanwhile keeps the text of an edit and nothing else', async () => {
    const { world, log, client, handle, own } = await start()
    await goOffline(world)
    await client.edit(group, own, 'words of mine')
    await client.pinMessage(group, own)
    log.leave(log.conversation(group), log.account(1).id)
    world.server.network = 'up'
    await world.caughtUp(client)
    await world.clock.until(() => client.getSnapshot().outbox.refused === 1)
    await settled(world, client)
    expect(pending(handle)).toMatchObject([{ body: 'words of mine', state: 'refused' }])
    expect(log.conversation(group).messages.get(own)?.body).toBe('mine')
    expect(log.conversation(group).pins.size).toBe(0)
  })
})

describe('pins and saved messages of others and other devices', () => {
  test('pins come live, newest first, follow edits and go with a deletion', async () => {
    const { world, log, handle, own, theirs } = await start()
    const pinned = () => handle.getSnapshot().pins?.map(({ message }) => message.body)
    expect(pinned()).toEqual([])
    log.pin(2, group, own, 'pinned')
    await world.clock.advance(1_000)
    log.pin(2, group, theirs, 'pinned')
    await world.clock.until(() => pinned()?.length === 2)
    log.edit(group, own, 'mine, edited')
    await world.clock.until(() => pinned()?.[1] === 'mine, edited')
    log.delete(group, theirs)
    await world.clock.until(() => pinned()?.length === 1)
    expect(pinned()).toEqual(['mine, edited'])
  })

  test('what was known of pins and saved messages shows before there is a connection', async () => {
    const { world, log, device, client, own } = await start()
    log.pin(2, group, own, 'pinned')
    log.save(log.account(1).id, group, own, 'saved')
    await client.loadSaved()
    await world.clock.until(() => client.getSnapshot().saved.state === 'known')
    await world.clock.advance(1_000)
    world.kill(client)
    world.server.network = 'down'
    const again = await world.resume(device)
    const handle = await world.open(again, group)
    await again.loadSaved()
    await world.clock.advance(1_000)
    expect(handle.getSnapshot().pins).toMatchObject([{ message: { body: 'mine' } }])
    expect(again.getSnapshot().saved).toMatchObject({ state: 'partial', items: [{ message: { body: 'mine' } }] })
  })

  test('L8: of a conversation that one left, what one saved stays without its content', async () => {
    const { world, log, client, own } = await start()
    log.save(log.account(1).id, group, own, 'saved')
    await client.loadSaved()
    await world.clock.until(() => client.getSnapshot().saved.items.length === 1)
    log.leave(log.conversation(group), log.account(1).id)
    await world.clock.until(() => client.getSnapshot().saved.items[0]?.message === null)
    log.join(log.conversation(group), log.account(1).id)
    await world.clock.until(() => client.getSnapshot().saved.items[0]?.message?.body === 'mine')
  })
})
