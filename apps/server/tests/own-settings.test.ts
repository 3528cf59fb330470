/** C2: one's own settings of a conversation: live on all one's devices, seen by nobody else, whatever else happens. */
import { type Conversation, type ConversationId, isArchived, isMarkedUnread, limits } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  type SocketClient,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const say = (person: Person, conversationId: ConversationId, body = 'hello') =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body })
const set = (person: Person, conversationId: ConversationId, change: object, key = newKey()) =>
  person.call('membership.update', { conversationId, key, ...change })
const get = (person: Person, conversationId: ConversationId): Promise<Conversation> =>
  person.call('conversation.get', { conversationId })
const settingsOf = async (person: Person, conversationId: ConversationId) =>
  (await get(person, conversationId)).me.settings

function updates(socket: SocketClient, person: Person) {
  return socket.events(person.id).flatMap(event => (event.kind === 'membership.updated' ? [event.data] : []))
}

describe('settings', () => {
  test('C2: reach every device of the account as an event, and nobody else learns of them', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using phone = await ana.connect()
    await using other = await bo.connect()
    const before = await get(bo, direct)
    const { sequence } = await set(ana, direct, { pinned: 5, muted: 'forever', archived: 0 })
    const settings = { version: sequence, pinned: 5, muted: 'forever', archived: 0, markedUnread: null }
    await phone.until(() => updates(phone, ana).length === 1)
    expect(updates(phone, ana)).toEqual([{ conversationId: direct, settings }])
    expect(await settingsOf(ana, direct)).toEqual(settings)
    expect((await ana.call('conversation.list', {})).items[0]?.me.settings).toEqual(settings)
    await other.settle()
    expect(other.frames('event')).toEqual([])
    expect(await get(bo, direct)).toEqual(before)
    const cursor = { epoch: server.running.context.store.epoch, sequence: 0, micros: 0 }
    await expect(bo.call('stream.read', { stream: ana.id, cursor })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('what is left out stays; what changes nothing appends nothing', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await set(ana, direct, { pinned: 5 })
    await set(ana, direct, { muted: '2999-01-01T00:00:00.000Z' })
    const now = await settingsOf(ana, direct)
    expect(now).toMatchObject({ pinned: 5, muted: expect.any(String) })
    expect(await set(ana, direct, { pinned: 5 })).toEqual({ sequence: null })
    expect(await set(ana, direct, {})).toEqual({ sequence: null })
    expect(await settingsOf(ana, direct)).toEqual(now)
    await set(ana, direct, { pinned: null, muted: '2020-01-01T00:00:00.000Z' })
    expect(await settingsOf(ana, direct)).toMatchObject({ pinned: null, muted: null })
  })

  test('a mute keeps its time, and a malformed one is refused', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await set(ana, direct, { muted: until })
    expect((await settingsOf(ana, direct)).muted).toBe(until)
    for (const muted of ['tomorrow', '2026-13-45T00:00:00Z', '', 7, true]) {
      const answer = await ana.attempt('membership.update', { conversationId: direct, key: newKey(), muted })
      expect([answer.status, answer.body.code], String(muted)).toEqual([400, 'invalid-input'])
    }
    expect((await settingsOf(ana, direct)).muted).toBe(until)
  })

  test('L3: a retry gets the first result and writes nothing; another content under the key is refused', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const key = newKey()
    const first = await set(ana, direct, { pinned: 1 }, key)
    await set(ana, direct, { pinned: 2 })
    expect(await set(ana, direct, { pinned: 1 }, key)).toEqual(first)
    expect((await settingsOf(ana, direct)).pinned).toBe(2)
    await expect(set(ana, direct, { pinned: 3 }, key)).rejects.toMatchObject({ code: 'key-reused' })
    expect((await settingsOf(ana, direct)).pinned).toBe(2)
  })

  test('L1: of two devices at once each gets its own event, and the later one counts on both', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using phone = await ana.connect()
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(pinned => set(ana, direct, { pinned })))
    const sequences = answers.map(({ sequence }) => sequence ?? 0)
    expect(new Set(sequences).size).toBe(6)
    const last = sequences.indexOf(Math.max(...sequences)) + 1
    expect(await settingsOf(ana, direct)).toMatchObject({ pinned: last, version: Math.max(...sequences) })
    await phone.until(() => updates(phone, ana).some(({ settings }) => settings?.version === Math.max(...sequences)))
    expect(updates(phone, ana).at(-1)?.settings).toMatchObject({ pinned: last })
  })
})

describe('leaving', () => {
  test('L8: who is removed meanwhile is refused and leaves nothing; who comes back begins anew', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    await set(bo, group, { pinned: 1 })
    const key = newKey()
    const early = await set(bo, group, { muted: 'forever' }, key)
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    await expect(set(bo, group, { pinned: 2 })).rejects.toMatchObject({ code: 'not-found' })
    expect(await set(bo, group, { muted: 'forever' }, key), 'L3: a retry is answered the same').toEqual(early)
    await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id] })
    expect(await settingsOf(bo, group)).toMatchObject({ version: 0, pinned: null, muted: null })
  })

  test('L8: settings that race a removal never outlive it', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    for (let round = 0; round < 8; round++) {
      const outcomes = await Promise.allSettled([
        set(bo, group, { pinned: round }),
        ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id }),
        set(bo, group, { muted: 'forever' }),
      ])
      expect(outcomes[1].status).toBe('fulfilled')
      await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id] })
      expect(await settingsOf(bo, group)).toMatchObject({ version: 0, pinned: null, muted: null })
    }
  })
})

describe('what settings mean', () => {
  test('C2: an archived conversation comes back with a message, and stays away while it is muted', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const [loud, quiet] = [await openDirect(ana, bo), await createGroup(bo, [ana])]
    const archived = async (id: ConversationId) => isArchived(await get(ana, id), Date.now())
    await set(ana, loud, { archived: 0 })
    await set(ana, quiet, { archived: 0, muted: 'forever' })
    await bo.call('conversation.update', { conversationId: quiet, key: newKey(), name: 'Only a name' })
    expect([await archived(loud), await archived(quiet)]).toEqual([true, true])
    await say(bo, loud)
    await say(bo, quiet)
    expect([await archived(loud), await archived(quiet)]).toEqual([false, true])
    await set(ana, loud, { muted: 'forever' })
    expect(await archived(loud), 'muting does not put away what came back').toBe(false)
    await set(ana, quiet, { muted: null })
    expect(await archived(quiet)).toBe(false)
  })

  test('C2: marked as unread until it is read further, on whichever device, or said to be read', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const first = await say(bo, direct)
    await ana.call('position.move', { conversationId: direct, read: first.sequence })
    const marked = async () => isMarkedUnread((await get(ana, direct)).me)
    await set(ana, direct, { markedUnread: 0 })
    expect(await marked()).toBe(true)
    const second = await say(bo, direct)
    expect(await marked()).toBe(true)
    await ana.call('position.move', { conversationId: direct, read: second.sequence })
    expect(await marked()).toBe(false)
    await set(ana, direct, { markedUnread: 0 })
    expect(await marked()).toBe(true)
    await set(ana, direct, { markedUnread: null })
    expect(await marked()).toBe(false)
  })

  test('C2: archived at what this device knows, what came meanwhile brings it back', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await say(bo, direct)
    await say(bo, direct)
    await set(ana, direct, { archived: 1 })
    expect(isArchived(await get(ana, direct), Date.now())).toBe(false)
    await set(ana, direct, { archived: 1_000 })
    expect(await settingsOf(ana, direct)).toMatchObject({ archived: 2 })
    await say(bo, direct)
    expect(isArchived(await get(ana, direct), Date.now())).toBe(false)
  })

  test('C2: marked as unread by a device whose reading the server has not heard of yet', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const { sequence } = await say(bo, direct)
    await set(ana, direct, { markedUnread: sequence })
    await ana.call('position.move', { conversationId: direct, read: sequence })
    expect(isMarkedUnread((await get(ana, direct)).me)).toBe(true)
    await set(ana, direct, { markedUnread: 1_000 })
    expect((await settingsOf(ana, direct)).markedUnread).toBe(sequence)
  })

  test('L10: one pins at most so many, and may move those', { timeout: 60_000 }, async () => {
    const [ana] = await createPeople(server, 1)
    const groups: ConversationId[] = []
    for (let made = 0; made <= limits.pinnedConversations; made++) groups.push(await createGroup(ana, []))
    for (const [place, group] of groups.slice(1).entries()) await set(ana, group, { pinned: place })
    const [extra, first] = groups as [ConversationId, ConversationId]
    await expect(set(ana, extra, { pinned: 0 })).rejects.toMatchObject({ code: 'limit-reached' })
    expect((await settingsOf(ana, extra)).pinned).toBeNull()
    await set(ana, first, { pinned: 1_000 })
    await set(ana, first, { pinned: null })
    await set(ana, extra, { pinned: 0 })
    expect((await settingsOf(ana, extra)).pinned).toBe(0)
  })
})
