/** Pins, saved messages and forwarding (C7). Each denial stands beside the success it differs from by one thing. */
import { type ConversationId, limits } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const send = (person: Person, conversationId: ConversationId, body: string, more: object = {}) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body, ...more })

interface Place {
  readonly conversationId: ConversationId
  readonly sequence: number
}

const on = ({ conversationId, sequence }: Place) => ({ conversationId, sequence, key: newKey() })
const forward = (person: Person, to: ConversationId, { conversationId, sequence }: Place, clientMessageId = newKey()) =>
  person.call('message.forward', { conversationId: to, clientMessageId, from: { conversationId, sequence } })

async function say(person: Person, conversationId: ConversationId, body: string): Promise<Place> {
  return { conversationId, sequence: (await send(person, conversationId, body)).sequence }
}

async function pinned(person: Person, conversationId: ConversationId): Promise<(string | null)[]> {
  const { items } = await person.call('pin.list', { conversationId })
  return items.map(({ message }) => message.body)
}

describe('pins', () => {
  test('either person of a direct conversation pins; a pin reaches the others live, newest first in the list', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const [one, two] = [await say(ana, direct, 'one'), await say(ana, direct, 'two')]
    await using socket = await bo.connect()
    await ana.call('message.pin', on(one))
    const { sequence } = await bo.call('message.pin', on(two))
    await socket.until(() => socket.sequences(direct).includes(sequence ?? 0))
    expect(socket.events(direct).map(event => [event.kind, event.actorId])).toEqual([
      ['message.pinned', ana.id],
      ['message.pinned', bo.id],
    ])
    expect(await pinned(ana, direct)).toEqual(['two', 'one'])
  })

  test('pinning what is pinned appends nothing, and neither does taking off what is not', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const place = await say(ana, await openDirect(ana, bo), 'once')
    expect((await ana.call('message.pin', on(place))).sequence).toBeGreaterThan(0)
    expect((await bo.call('message.pin', on(place))).sequence).toBeNull()
    expect((await bo.call('message.unpin', on(place))).sequence).toBeGreaterThan(0)
    expect((await bo.call('message.unpin', on(place))).sequence).toBeNull()
    expect(await pinned(ana, place.conversationId)).toEqual([])
  })

  test('L3: a key is answered with its first result, and refused for another message', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const [one, two] = [await say(ana, direct, 'one'), await say(ana, direct, 'two')]
    const first = on(one)
    const result = await ana.call('message.pin', first)
    await ana.call('message.unpin', on(one))
    expect(await ana.call('message.pin', first)).toEqual(result)
    expect(await pinned(ana, direct)).toEqual([])
    await expect(ana.call('message.pin', { ...on(two), key: first.key })).rejects.toMatchObject({ code: 'key-reused' })
    expect(await pinned(ana, direct)).toEqual([])
  })

  test('a deleted message loses its pin and cannot get another', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const place = await say(ana, await openDirect(ana, bo), 'gone soon')
    await ana.call('message.pin', on(place))
    await ana.call('message.delete', on(place))
    expect(await pinned(bo, place.conversationId)).toEqual([])
    await expect(bo.call('message.pin', on(place))).rejects.toMatchObject({ code: 'message-deleted' })
    expect((await bo.call('message.unpin', on(place))).sequence).toBeNull()
  })

  test('L8: a later member sees no pin of a message from before, and learns of none', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo])
    const [old, other] = [await say(ana, group, 'a secret of before'), await say(ana, group, 'another secret')]
    await ana.call('message.pin', on(old))
    await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [cy.id], history: 'from-now' })
    await using socket = await cy.connect()
    await ana.call('message.pin', on(other))
    const last = await say(ana, group, 'for everybody')
    const { sequence } = await ana.call('message.pin', on(last))
    await socket.until(() => socket.sequences(group).includes(sequence ?? 0))
    expect(await pinned(bo, group)).toEqual(['for everybody', 'another secret', 'a secret of before'])
    expect(await pinned(cy, group)).toEqual(['for everybody'])
    expect(socket.events(group).map(event => event.kind)).toEqual(['void', 'message.created', 'message.pinned'])
    await ana.call('member.setRole', { conversationId: group, key: newKey(), accountId: cy.id, role: 'admin' })
    await expect(cy.call('message.unpin', on(old))).rejects.toMatchObject({ code: 'not-found' })
    await expect(cy.call('message.pin', on(old))).rejects.toMatchObject({ code: 'not-found' })
    expect(await pinned(bo, group)).toHaveLength(3)
  })

  test('their number is bounded, and the list comes in pages', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const places: Place[] = []
    for (let count = 0; count <= limits.pinsPerConversation; count++) places.push(await say(ana, direct, `${count}`))
    for (const place of places.slice(0, -1)) await ana.call('message.pin', on(place))
    const [first, last] = [places[0] as Place, places.at(-1) as Place]
    await expect(ana.call('message.pin', on(last))).rejects.toMatchObject({ code: 'limit-reached' })
    await ana.call('message.unpin', on(first))
    await ana.call('message.pin', on(last))
    const seen: number[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { message: { sequence: number } }[]; next: string | null } = await bo.call('pin.list', {
        conversationId: direct,
        limit: 20,
        ...(next !== '' && { next }),
      })
      seen.push(...page.items.map(({ message }) => message.sequence))
      next = page.next
    }
    expect(seen).toEqual(
      places
        .slice(1)
        .map(({ sequence }) => sequence)
        .toReversed(),
    )
  })
})

describe('saved messages', () => {
  const saved = async (person: Person) =>
    (await person.call('save.list', {})).items.map(({ sequence, message }) => [sequence, message?.body ?? null])

  test('what one saves is on all of one’s devices at once and nobody else’s, last saved first', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const [one, two] = [await say(bo, direct, 'one'), await say(bo, direct, 'two')]
    await using phone = await (await ana.signInAgain()).connect()
    await using theirs = await bo.connect()
    await ana.call('message.save', on(two))
    const { sequence } = await ana.call('message.save', on(one))
    await phone.until(() => phone.sequences(ana.id).includes(sequence ?? 0))
    expect(phone.events(ana.id).map(event => event.data)).toMatchObject([
      { saved: { conversationId: direct, sequence: two.sequence } },
      { saved: { conversationId: direct, sequence: one.sequence } },
    ])
    expect(await saved(ana)).toEqual([
      [one.sequence, 'one'],
      [two.sequence, 'two'],
    ])
    const seen = await say(bo, direct, 'the last')
    await theirs.until(() => theirs.sequences(direct).includes(seen.sequence))
    expect(theirs.pushed.filter(frame => JSON.stringify(frame).includes('saved'))).toEqual([])
    expect(await saved(bo)).toEqual([])
  })

  test('L3: saving twice appends once, and a key is answered with its first result', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const place = await say(bo, await openDirect(ana, bo), 'once')
    const first = on(place)
    const { sequence } = await ana.call('message.save', first)
    expect((await ana.call('message.save', on(place))).sequence).toBeNull()
    await ana.call('message.unsave', on(place))
    expect((await ana.call('message.save', first)).sequence).toBe(sequence)
    expect(await saved(ana)).toEqual([])
    await expect(ana.call('message.unsave', { ...on(place), key: first.key })).rejects.toMatchObject({
      code: 'key-reused',
    })
  })

  test('L8: what one may not see any more keeps its place and shows nothing; one may let go of it', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const place = await say(ana, group, 'a secret of the group')
    await bo.call('message.save', on(place))
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    expect(await saved(bo)).toEqual([[place.sequence, null]])
    // Back, but not for what was said before.
    await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id], history: 'from-now' })
    expect(await saved(bo)).toEqual([[place.sequence, null]])
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id], history: 'all' })
    expect(await saved(bo)).toEqual([[place.sequence, 'a secret of the group']])
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    await bo.call('message.unsave', on(place))
    expect(await saved(bo)).toEqual([])
    await expect(bo.call('message.unsave', on(place))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('L12: a saved message that was deleted shows nothing of itself', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const place = await say(bo, await openDirect(ana, bo), 'gone soon')
    await ana.call('message.save', on(place))
    await bo.call('message.delete', on(place))
    const { items } = await ana.call('save.list', {})
    expect(items).toMatchObject([{ sequence: place.sequence, message: { body: null } }])
    await expect(ana.call('message.save', on(place))).rejects.toMatchObject({ code: 'message-deleted' })
  })
})

describe('forwarding', () => {
  async function scene() {
    const [ana, bo, cy] = await createPeople(server, 3)
    const source = await createGroup(ana, [bo])
    const target = await openDirect(bo, cy)
    return { ana, bo, cy, source, target }
  }

  test('the server copies the text and names its first author, also of what was forwarded already', async () => {
    const { ana, bo, cy, source, target } = await scene()
    const original = await send(ana, source, 'as it was said', { mentions: [bo.id] })
    await using socket = await cy.connect()
    const copy = await forward(bo, target, { conversationId: source, sequence: original.sequence })
    await socket.until(() => socket.sequences(target).includes(copy.sequence))
    const expected = { body: 'as it was said', authorId: bo.id, forwardedFrom: ana.id, mentions: [], replyTo: null }
    expect(socket.events(target).at(-1)?.data).toMatchObject({ message: expected })
    const { items } = await cy.call('message.list', { conversationId: target })
    expect(items.at(-1)).toMatchObject(expected)
    const again = await forward(cy, target, { conversationId: target, sequence: copy.sequence })
    const third = (await bo.call('message.list', { conversationId: target })).items.at(-1)
    expect(third).toMatchObject({ sequence: again.sequence, authorId: cy.id, forwardedFrom: ana.id })
  })

  test('L8: what one may not see is not forwarded, and neither is a message to where one is no member', async () => {
    const { ana, bo, cy, source, target } = await scene()
    const secret = await say(ana, source, 'a secret')
    await expect(forward(cy, target, secret)).rejects.toMatchObject({ code: 'not-found' })
    await expect(forward(ana, target, secret)).rejects.toMatchObject({ code: 'not-found' })
    const before = await bo.call('message.list', { conversationId: target })
    expect(before.items).toEqual([])
    await ana.call('member.add', { conversationId: source, key: newKey(), accountIds: [cy.id], history: 'from-now' })
    await expect(forward(cy, target, secret)).rejects.toMatchObject({ code: 'not-found' })
    await forward(bo, target, secret)
    expect((await bo.call('message.list', { conversationId: target })).items).toMatchObject([{ body: 'a secret' }])
  })

  test('deleting the source leaves the copy, and a deleted source is not forwarded', async () => {
    const { ana, bo, source, target } = await scene()
    const place = await say(ana, source, 'kept by others')
    await forward(bo, target, place)
    await ana.call('message.delete', on(place))
    expect((await bo.call('message.list', { conversationId: target })).items).toMatchObject([
      { body: 'kept by others' },
    ])
    await expect(forward(bo, target, place)).rejects.toMatchObject({ code: 'message-deleted' })
  })

  test('a copy is not edited: the words stay those of whom they name', async () => {
    const { ana, bo, source, target } = await scene()
    const copy = await forward(bo, target, await say(ana, source, 'my words'))
    const place = { conversationId: target, sequence: copy.sequence }
    await expect(bo.call('message.edit', { ...on(place), body: 'put into her mouth' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await bo.call('message.delete', on(place))
    expect((await bo.call('message.list', { conversationId: target })).items).toMatchObject([
      { body: null, forwardedFrom: null },
    ])
  })

  test('L3: a retry gets the first result, also after the source was edited, deleted or left', async () => {
    const { ana, bo, source, target } = await scene()
    const place = await say(ana, source, 'first')
    const other = await say(ana, source, 'other')
    const key = newKey()
    const first = await forward(bo, target, place, key)
    await ana.call('message.edit', { ...on(place), body: 'second' })
    expect(await forward(bo, target, place, key)).toEqual(first)
    await ana.call('message.delete', on(place))
    expect(await forward(bo, target, place, key)).toEqual(first)
    await expect(forward(bo, target, other, key)).rejects.toMatchObject({ code: 'key-reused' })
    await ana.call('member.remove', { conversationId: source, key: newKey(), accountId: bo.id })
    expect(await forward(bo, target, place, key)).toEqual(first)
    await expect(forward(bo, target, other, key)).rejects.toMatchObject({ code: 'key-reused' })
    expect((await bo.call('message.list', { conversationId: target })).items).toMatchObject([{ body: 'first' }])
  })
})
