/** N1 and L11: the bell, and the races between ringing, reading and clearing. */
import type { ConversationId } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createGroup,
  createPeople,
  newKey,
  openDirect,
  type Person,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
import type { Client } from 'pg'
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

describe('the bell', () => {
  test('N1: mentions, replies and invitations ring once, on every device, and reading clears them', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    await using tab = await bo.connect()
    await using phone = await bo.connect()
    const own = await say(bo, group, 'mine')
    const mention = await say(ana, group, 'hey you', { mentions: [bo.id, ana.id] })
    const reply = await say(ana, group, 're', { replyTo: own.sequence })
    await expect.poll(async () => (await bo.call('bell.list', { above: 0 })).items).toHaveLength(3)
    const { items } = await bo.call('bell.list', { above: 0 })
    expect(items.map(({ kind, sequence, cleared }) => [kind, sequence, cleared])).toEqual([
      ['reply', reply.sequence, false],
      ['mention', mention.sequence, false],
      // What bo wrote answers it.
      ['invitation', expect.any(Number), true],
    ])
    expect((await ana.call('bell.list', { above: 0 })).items).toEqual([])
    for (const device of [tab, phone]) {
      await device.until(() =>
        device
          .frames('bell')
          .flatMap(frame => frame.items)
          .some(({ kind }) => kind === 'reply'),
      )
    }
    await tab.call('position.move', { conversationId: group, read: mention.sequence })
    await phone.until(() =>
      phone
        .frames('bell')
        .flatMap(frame => frame.items)
        .some(({ cleared }) => cleared),
    )
    await expect.poll(async () => (await bo.call('bell.list', {})).items.map(({ kind }) => kind)).toEqual(['reply'])
    await tab.call('bell.clear', { conversationId: group })
    expect((await bo.call('bell.list', {})).items).toEqual([])
    const all = await bo.call('bell.list', { above: 0 })
    expect(all.items.map(({ cleared }) => cleared)).toEqual([true, true, true])
    await phone.until(() => phone.frames('bell').at(-1)?.version === all.version)
  })

  test('N1: what was read before the bell rings does not ring', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const mention = await say(ana, direct, 'you', { mentions: [bo.id] })
    await bo.call('position.move', { conversationId: direct, read: mention.sequence })
    await expect.poll(async () => (await bo.call('bell.list', { above: 0 })).items).toHaveLength(1)
    expect((await bo.call('bell.list', {})).items).toEqual([])
  })

  test('N1: answering, or writing anything, clears the author’s lines there, at once and on every device', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const direct = await openDirect(ana, bo)
    await using phone = await bo.connect()
    const mention = await say(ana, group, 'hey you', { mentions: [bo.id] })
    const elsewhere = await say(ana, direct, 'you too', { mentions: [bo.id] })
    await expect.poll(async () => (await bo.call('bell.list', {})).items).toHaveLength(3)
    await say(bo, group, 'yes?', { replyTo: mention.sequence })
    expect(
      (await bo.call('bell.list', {})).items.map(({ conversationId, sequence }) => [conversationId, sequence]),
    ).toEqual([[direct, elsewhere.sequence]])
    await phone.until(() => {
      const cleared = phone.frames('bell').flatMap(frame => frame.items.filter(item => item.cleared))
      return cleared.length >= 2 && cleared.every(item => item.conversationId === group)
    })
    const { items, version } = await bo.call('bell.list', { above: 0 })
    expect(items.map(({ kind, conversationId, cleared }) => [kind, conversationId, cleared])).toEqual([
      ['mention', direct, false],
      ['mention', group, true],
      ['invitation', group, true],
    ])
    expect(phone.frames('bell').at(-1)?.version).toBe(version)
  })

  test('N1: what was answered before the bell rings does not ring', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await say(ana, direct, 'you', { mentions: [bo.id] })
    await say(bo, direct, 'here')
    const { sequence } = await say(ana, direct, 'still there?', { mentions: [bo.id] })
    await expect.poll(async () => (await bo.call('bell.list', { above: 0 })).items).toHaveLength(2)
    expect((await bo.call('bell.list', {})).items.map(item => item.sequence)).toEqual([sequence])
  })

  test('L11: clearing the bell against reading leaves the log in order', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using socket = await bo.connect()
    for (let round = 1; round <= 10; round++) {
      const { sequence } = await say(ana, direct, String(round), { mentions: [bo.id] })
      await socket.until(() =>
        socket
          .frames('bell')
          .flatMap(frame => frame.items)
          .some(item => item.sequence === sequence),
      )
      await Promise.all([
        socket.call('bell.clear', { conversationId: direct }),
        socket.call('position.move', { conversationId: direct, read: sequence }),
        socket.call('bell.clear', { conversationId: null }),
      ])
      expect((await bo.call('bell.list', {})).items).toEqual([])
    }
    const { sequence } = await say(ana, direct, 'the last')
    await bo.call('position.move', { conversationId: direct, read: sequence })
    expect(await unreadOf(bo, direct)).toBe(0)
  })
})

describe('races of registers', () => {
  let observer: Client
  beforeAll(async () => {
    const { address } = server.database
    observer = await connectDedicated({ address, applicationName: 'observer', logger: silentLogger })
  })
  afterAll(() => observer.end())

  const waitingWriters = async () => {
    // A transaction keeps its first look at who does what.
    await observer.query('select pg_stat_clear_snapshot()')
    const { rowCount } = await observer.query(
      `select 1 from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.application_name = 'recado writer' and a.datname = current_database()`,
    )
    return rowCount ?? 0
  }

  test('L2, L11: a bell that is cleared while a read position waits for it leaves the journal’s numbers whole', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const { sequence } = await say(ana, direct, 'you', { mentions: [bo.id] })
    await bo.call('position.move', { conversationId: direct, read: sequence })
    await expect.poll(async () => (await bo.call('bell.list', { above: 0 })).items).toHaveLength(1)
    await observer.query('update bell set cleared = false where account_id = $1', [bo.id])
    await observer.query('begin')
    await observer.query('select 1 from register_heads where group_id = $1 for update', [bo.id])
    await observer.query('update bell set cleared = true where account_id = $1', [bo.id])
    const moving = bo.call('position.move', { conversationId: direct, read: sequence })
    await expect.poll(waitingWriters, { interval: 5 }).toBe(1)
    await observer.query('commit')
    await moving
    const next = await say(ana, direct, 'again')
    await bo.call('position.move', { conversationId: direct, read: next.sequence })
    expect(await unreadOf(bo, direct)).toBe(0)
  })

  test('N1: a line that is written while its message is being read ends cleared', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const { sequence } = await say(ana, direct, 'you', { mentions: [bo.id] })
    await observer.query('begin')
    await observer.query(
      `select * from move_positions(63::smallint, 1, 1, array[$1::bigint], array[$2::bigint], array[$3::bigint], array[$3::bigint])`,
      [direct, bo.id, sequence],
    )
    const lines = async () => (await bo.call('bell.list', { above: 0 })).items.length
    await expect.poll(async () => (await lines()) + (await waitingWriters()), { interval: 5 }).toBe(1)
    await observer.query('commit')
    await expect.poll(lines).toBe(1)
    expect((await bo.call('bell.list', {})).items).toEqual([])
  })
})
