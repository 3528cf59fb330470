/** L11: positions and unread. Only the newest value counts, and merging never moves back. */
import type { ConversationId, MemberPosition } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  SocketClient,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const say = (person: Person, conversationId: ConversationId, body: string, more: object = {}) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body, ...more })

async function unreadOf(person: Person, conversationId: ConversationId): Promise<number> {
  const { head, me } = await person.call('conversation.get', { conversationId })
  return head.ordinal - me.readOrdinal
}

/** The positions that a conversation's frames add up to. */
function merged(socket: SocketClient, conversationId: number): Map<number, MemberPosition> {
  const known = new Map<number, MemberPosition>()
  for (const frame of socket.frames('positions')) {
    if (frame.conversationId !== conversationId) continue
    for (const item of frame.items) {
      const before = known.get(item.accountId)
      const delivered = Math.max(before?.delivered ?? 0, item.delivered)
      known.set(item.accountId, { ...item, delivered, read: Math.max(before?.read ?? 0, item.read) })
    }
  }
  return known
}

describe('positions', () => {
  test('L11: a position never moves back, whatever arrives in whatever order', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const sent = []
    for (const body of ['1', '2', '3', '4', '5']) sent.push(await say(ana, direct, body))
    const sequences = sent.map(({ sequence }) => sequence)
    await using tab = await bo.connect()
    await using phone = await bo.connect()
    await Promise.all(
      [3, 0, 4, 1, 2].flatMap(index => [
        tab.call('position.move', { conversationId: direct, read: sequences[index] ?? 0 }),
        phone.call('position.move', { conversationId: direct, delivered: sequences[4 - index] ?? 0 }),
      ]),
    )
    await bo.call('position.move', { conversationId: direct, read: 1, delivered: 1 })
    const { items, version } = await ana.call('position.list', { conversationId: direct })
    const last = sequences[4]
    expect(items.find(({ accountId }) => accountId === bo.id)).toEqual({
      accountId: bo.id,
      delivered: last,
      read: last,
    })
    const { items: since } = await ana.call('position.list', { conversationId: direct, above: version })
    expect(since).toEqual([])
    expect(await unreadOf(bo, direct)).toBe(0)
  })

  test('L11: read includes delivered, and neither goes beyond the conversation’s head', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const { sequence } = await say(ana, direct, 'only')
    await bo.call('position.move', { conversationId: direct, read: sequence + 1_000 })
    const position = async () =>
      (await ana.call('position.list', { conversationId: direct })).items.find(({ accountId }) => accountId === bo.id)
    expect(await position()).toEqual({ accountId: bo.id, delivered: sequence, read: sequence })
    await say(ana, direct, 'next')
    expect(await unreadOf(bo, direct)).toBe(1)
  })

  test('L11: the frames of positions add up to what the list says', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo, cy])
    await using socket = await ana.connect()
    for (const body of ['one', 'two', 'three']) {
      const { sequence } = await say(ana, group, body)
      await bo.call('position.move', { conversationId: group, delivered: sequence })
      await cy.call('position.move', { conversationId: group, read: sequence })
    }
    const { items, version } = await ana.call('position.list', { conversationId: group })
    await socket.until(() => socket.frames('positions').some(frame => frame.version === version))
    for (const { accountId, ...position } of items.filter(item => item.accountId !== ana.id)) {
      expect(merged(socket, group).get(accountId)).toMatchObject(position)
    }
    const versions = socket.frames('positions').map(frame => frame.version)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
  })
})

describe('unread', () => {
  test('L11: unread is the head’s ordinal minus the read one; edits and reactions do not count, one’s own send reads', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const first = await say(ana, direct, 'one')
    await say(ana, direct, 'two')
    const target = { conversationId: direct, sequence: first.sequence, key: newKey() }
    await ana.call('message.edit', { ...target, body: 'one!' })
    await bo.call('message.react', { ...target, emoji: '👍' })
    expect(await unreadOf(bo, direct)).toBe(2)
    await bo.call('position.move', { conversationId: direct, read: first.sequence })
    expect(await unreadOf(bo, direct)).toBe(1)
    await say(bo, direct, 'I answer')
    expect(await unreadOf(bo, direct)).toBe(0)
    expect(await unreadOf(ana, direct)).toBe(1)
  })

  test('L11: reading against sending leaves exactly the rest unread', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using anaSocket = await ana.connect()
    await using boSocket = await bo.connect()
    const sending = Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        anaSocket.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: String(index) }),
      ),
    )
    const read: number[] = []
    while (read.length < 20) {
      const newest = await boSocket.until(() => boSocket.sequences(direct).at(-1))
      await boSocket.call('position.move', { conversationId: direct, read: newest })
      read.push(newest)
    }
    const sent = await sending
    const upTo = Math.max(...read)
    expect(await unreadOf(bo, direct)).toBe(sent.filter(({ sequence }) => sequence > upTo).length)
  })

  test('L11: above a hundred members only who watches is told of others’ positions', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const [group, other] = [await createGroup(ana, [bo, cy]), await createGroup(ana, [bo])]
    for (const one of [group, other]) await grow(one, 100)
    const { sequence } = await say(ana, group, 'to many')
    await using watching = await ana.connect()
    await using idle = await ana.connect()
    await using own = await bo.connect()
    await watching.call('position.watch', { conversationIds: [group, other] })
    await bo.call('position.move', { conversationId: group, read: sequence })
    await watching.until(() => merged(watching, group).get(bo.id)?.read === sequence)
    await own.until(() => merged(own, group).get(bo.id)?.read === sequence)
    await bo.call('position.move', { conversationId: other, delivered: 1 })
    await watching.until(() => merged(watching, other).get(bo.id)?.delivered === 1)
    await idle.settle()
    expect(merged(idle, group).size).toBe(0)
    await watching.call('position.watch', { conversationIds: [other] })
    await cy.call('position.move', { conversationId: group, read: sequence })
    await expect
      .poll(async () => (await ana.call('position.list', { conversationId: group })).items)
      .toContainEqual({ accountId: cy.id, delivered: sequence, read: sequence })
    await watching.settle()
    expect(merged(watching, group).has(cy.id)).toBe(false)
  })

  test('L8: who is no member hears nothing by watching, and is not told what there is', async () => {
    const [ana, bo, stranger] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo])
    await grow(group, 100)
    const { sequence } = await say(ana, group, 'to many')
    await using spying = await stranger.connect()
    await using watching = await ana.connect()
    const nowhere = 999_999 as ConversationId
    for (const ids of [[group], [nowhere], [group, nowhere]]) {
      expect(await spying.call('position.watch', { conversationIds: ids })).toEqual({})
    }
    await watching.call('position.watch', { conversationIds: [nowhere, group] })
    await bo.call('position.move', { conversationId: group, read: sequence })
    await watching.until(() => merged(watching, group).get(bo.id)?.read === sequence)
    await spying.settle()
    expect(spying.frames('positions')).toEqual([])
  })
})

describe('coming back', () => {
  test('L11: who was away is told that positions and bell moved, and reads the rows above the versions it knows', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const first = await say(ana, direct, 'one')
    const socket = await ana.connect()
    const { mark } = await socket.until(() => socket.frames('caught-up').at(0))
    const known = await ana.call('position.list', { conversationId: direct })
    const bell = await ana.call('bell.list', {})
    await socket[Symbol.asyncDispose]()
    await bo.call('position.move', { conversationId: direct, read: first.sequence })
    await say(bo, direct, 'you', { mentions: [ana.id] })
    await expect.poll(async () => (await ana.call('bell.list', {})).items).toHaveLength(1)
    await using again = await SocketClient.open(server.url)
    const { moved, head } = await again.resume(ana.token, mark)
    expect(moved?.find(({ stream }) => stream === direct)?.registers).toBeGreaterThan(known.version)
    expect(head.registers).toBeGreaterThan(bell.version)
    const above = await again.call('position.list', { conversationId: direct, above: known.version })
    expect(above.items).toMatchObject([{ accountId: bo.id }])
    const lines = await again.call('bell.list', { above: bell.version })
    expect(lines).toMatchObject({ items: [{ kind: 'mention' }], version: head.registers })
  })
})

/** Makes a group larger than any test wants to sign up people for. */
async function grow(group: ConversationId, count: number): Promise<void> {
  const { address } = server.database
  const client = await connectDedicated({ address, applicationName: 'test', logger: silentLogger })
  try {
    await client.query('update conversations set member_count = member_count + $2 where id = $1', [group, count])
  } finally {
    await client.end()
  }
}
