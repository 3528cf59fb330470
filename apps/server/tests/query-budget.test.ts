/**
 * L7: what an operation costs the store grows neither with members nor with history nor with connections. Statements are
 * counted on the wire; inside the functions that append, rows are counted by PostgreSQL itself.
 */
import type { ConversationId } from '@recado/protocol'
import { repairMs } from '@recado/server/log/journal-reader.ts'
import { connectDedicated } from '@recado/server/store/pool.ts'
import { sequenceAt } from '@recado/server/store/sql/messages.ts'
import {
  createGroup,
  createPeople,
  createTestDatabase,
  newKey,
  type Person,
  type SocketClient,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeTimers } from './change-timers.ts'
import { DatabaseProxy } from './database-proxy.ts'

const members = 3_000
const messages = 20_000

interface Group {
  readonly id: ConversationId
  /** Messages of the owner, one for each operation that needs its own. */
  readonly own: number[]
  readonly sockets: readonly SocketClient[]
}

let proxy: DatabaseProxy
let server: TestServer
let observer: Client
let owner: Person
let other: Person
let newcomer: Person
let small: Group
let large: Group
const owned = new AsyncDisposableStack()

beforeAll(async () => {
  const database = owned.use(await createTestDatabase())
  proxy = owned.use(await DatabaseProxy.listen(database))
  // Without the role `jobs` nothing follows the log beside the node's own reader.
  server = owned.use(await startServer({ database, env: { DATABASE_URL: proxy.url, RECADO_ROLES: 'web,gateway' } }))
  // What it reads of the journal by the clock may come before its own announcement, and costs a read then.
  owned.use(changeTimers(server, ms => (ms === repairMs ? null : ms)))
  observer = await connectDedicated({ address: database.address, applicationName: 'observer', logger: silentLogger })
  owned.defer(() => observer.end())
  const [one, two, three, listener] = await createPeople(server, 4)
  owner = one
  other = two
  newcomer = three
  // Connections come last: whoever followed while a past is written would still be reading it.
  const [few, many] = [await createMeasured(listener), await createMeasured(listener)]
  await fill(many.id)
  small = { ...few, sockets: await connect(listener, 1) }
  large = { ...many, sockets: await connect(listener, 20) }
}, 60_000)
afterAll(() => owned.disposeAsync())

async function createMeasured(listener: Person): Promise<Omit<Group, 'sockets'>> {
  const id = await createGroup(owner, [other, listener])
  const own: number[] = []
  for (let count = 0; count < 12; count++) {
    own.push((await owner.call('message.send', { conversationId: id, clientMessageId: newKey(), body: 'hi' })).sequence)
  }
  // The first of everything opens connections.
  await owner.call('position.move', { conversationId: id, read: own[0] ?? 0 })
  return { id, own }
}

async function connect(listener: Person, count: number): Promise<readonly SocketClient[]> {
  const sockets: SocketClient[] = []
  while (sockets.length < count) sockets.push(owned.use(await listener.connect()))
  return sockets
}

/** Thousands of members and of messages, written past the server while nobody follows. */
async function fill(group: ConversationId): Promise<void> {
  await observer.query(
    `insert into accounts (id, username, username_folded, display_name, sort_name, role, password_hash, search_words, created_micros)
       select 10000000 + n, 'x' || n, 'x' || n, 'X ' || n, 'x ' || n, 'member', '', '', 0 from generate_series(1, ${members}) n`,
  )
  const rows = `select $1::bigint, 10000000 + n from generate_series(1, ${members}) n`
  await observer.query(`insert into positions (conversation_id, account_id) ${rows}`, [group])
  await observer.query(`insert into own_positions (conversation_id, account_id) ${rows}`, [group])
  await observer.query(
    `insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
       select r.*, 'member', 0, 1, 0 from (${rows}) r`,
    [group],
  )
  await observer.query('update conversations set member_count = member_count + $2 where id = $1', [group, members])
  await observer.query(
    `insert into messages (conversation_id, sequence, ordinal, id, author_id, client_key, body, created_micros)
       select $1, h.sequence + n, h.ordinal + n, nextval('message_ids'), $2, 'k' || n, 'text', h.micros
         from heads h, generate_series(1, ${messages}) n where h.stream_id = $1`,
    [group, owner.id],
  )
  await observer.query(
    'update heads set sequence = sequence + $2, ordinal = ordinal + $2, message_sequence = sequence + $2 where stream_id = $1',
    [group, messages],
  )
}

const target = ({ id, own }: Group) => ({ conversationId: id, sequence: own.shift() ?? 0, key: newKey() })
const keyed = ({ id }: Group) => ({ conversationId: id, key: newKey() })
const page = ({ id }: Group) => ({ conversationId: id, limit: 10 })

/** In this order: what one adds, the next takes away. */
const operations: Record<string, (group: Group) => Promise<unknown>> = {
  'message.send': ({ id }) =>
    owner.call('message.send', { conversationId: id, clientMessageId: newKey(), body: '@', mentions: [other.id] }),
  'message.forward': ({ id, own }) =>
    other.call('message.forward', {
      conversationId: id,
      clientMessageId: newKey(),
      from: { conversationId: id, sequence: own[0] ?? 0 },
    }),
  'message.pin': ({ id, own }) =>
    owner.call('message.pin', { conversationId: id, sequence: own[0] ?? 0, key: newKey() }),
  'pin.list': ({ id }) => other.call('pin.list', { conversationId: id }),
  'message.unpin': ({ id, own }) =>
    owner.call('message.unpin', { conversationId: id, sequence: own[0] ?? 0, key: newKey() }),
  'message.save': ({ id, own }) =>
    other.call('message.save', { conversationId: id, sequence: own[0] ?? 0, key: newKey() }),
  'save.list': () => other.call('save.list', { limit: 10 }),
  'message.unsave': ({ id, own }) =>
    other.call('message.unsave', { conversationId: id, sequence: own[0] ?? 0, key: newKey() }),
  'message.edit': group => owner.call('message.edit', { ...target(group), body: 'edited' }),
  'message.react': group => other.call('message.react', { ...target(group), emoji: '👍' }),
  'message.unreact': group => other.call('message.unreact', { ...target(group), emoji: '👍' }),
  'message.delete': group => owner.call('message.delete', target(group)),
  'message.versions': ({ id, own }) => other.call('message.versions', { conversationId: id, sequence: own[0] ?? 0 }),
  'message.list': group => other.call('message.list', page(group)),
  'message.list around a time': group =>
    other.call('message.list', { ...page(group), around: { time: new Date().toISOString() } }),
  'member.list': group => other.call('member.list', page(group)),
  'member.list with a query': group => other.call('member.list', { ...page(group), query: 'person' }),
  'membership.update': group => other.call('membership.update', { ...keyed(group), pinned: 1, muted: 'forever' }),
  'conversation.get': ({ id }) => other.call('conversation.get', { conversationId: id }),
  'conversation.update': group => owner.call('conversation.update', { ...keyed(group), name: 'New' }),
  'position.move': async ({ id }) => {
    const { head } = await other.call('conversation.get', { conversationId: id })
    await other.call('position.move', { conversationId: id, read: head.sequence })
  },
  'typing.set': ({ id }) => owner.call('typing.set', { conversationId: id, state: 'typing' }),
  'stream.read': async ({ id }) => {
    const { head, epoch } = await other.call('message.list', { conversationId: id, limit: 1 })
    const cursor = { epoch, sequence: head.sequence, micros: head.micros }
    await other.call('stream.read', { stream: id, cursor, limit: 10 })
  },
  'member.add': group => owner.call('member.add', { ...keyed(group), accountIds: [newcomer.id] }),
  'member.setRole': group => owner.call('member.setRole', { ...keyed(group), accountId: newcomer.id, role: 'admin' }),
  'member.remove': group => owner.call('member.remove', { ...keyed(group), accountId: newcomer.id }),
  'conversation.leave': group => owner.call('conversation.leave', keyed(group)),
}

/** What every node reads whether or not anything happens. */
const background = new Set(['read_journal'])

async function statementsOf(run: (group: Group) => Promise<unknown>, group: Group): Promise<readonly string[]> {
  const from = proxy.statements.length
  await run(group)
  const { head } = await other.call('conversation.get', { conversationId: group.id })
  for (const socket of group.sockets) {
    await socket.until(() => (socket.sequences(group.id).at(-1) ?? head.sequence) === head.sequence)
  }
  return proxy.statements.slice(from).filter(statement => !background.has(statement))
}

describe('L7: statements', () => {
  test.each(Object.keys(operations))('%s takes as many for three members as for three thousand', async name => {
    const run = operations[name] as (group: Group) => Promise<unknown>
    const few = await statementsOf(run, small)
    const many = await statementsOf(run, large)
    expect(many.toSorted()).toEqual(few.toSorted())
    expect(few.length).toBeLessThan(30)
  })
})

describe('L7: rows', () => {
  /** How many rows of which tables one call touches, in a transaction that is rolled back. */
  async function rowsOf(call: string, values: readonly unknown[]): Promise<Record<string, number>> {
    await observer.query('begin')
    await observer.query('set local enable_seqscan = off')
    const before = await countTouched()
    await observer.query(call, [...values])
    const after = await countTouched()
    await observer.query('rollback')
    const touched = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
    return Object.fromEntries(touched.filter(([, count]) => count > 0))
  }

  /** What this session counted and has not handed in yet. */
  async function countTouched(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await observer.query<{ name: string; count: number }>(
      `select relname as name,
              coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del as count
         from pg_stat_xact_user_tables`,
    )
    return new Map(rows.map(({ name, count }) => [name, count]))
  }

  test('a send touches as many rows in a large group as in a small one', async () => {
    const append = ({ id }: Group) =>
      rowsOf(
        "select * from append_batch(63::smallint, 1, 1, $1::bigint[], $2::bigint[], '{k}', '{f}', '{body}', '{null}', '{null}', '{null}', '{null}', null, 20)",
        [[id], [other.id]],
      )
    const few = await append(small)
    expect(few).toMatchObject({ messages: 1, heads: expect.any(Number) })
    // A message is the event of its own creation.
    expect(few).not.toHaveProperty('events')
    // Without files nobody looks for any.
    for (const table of ['media', 'attachments']) expect(few).not.toHaveProperty(table)
    expect(await append(large)).toEqual(few)
  })

  test('finding a time in a history of thousands looks at one message for each halving', async () => {
    const { rows } = await observer.query<{ micros: number }>('select micros from heads where stream_id = $1', [
      large.id,
    ])
    for (const micros of [0, rows[0]?.micros, (rows[0]?.micros ?? 0) + 1]) {
      const { messages: looks = 0 } = await rowsOf(sequenceAt, [large.id, micros])
      expect(looks).toBeLessThanOrEqual(Math.ceil(Math.log2(messages)) + 2)
    }
  })

  test('a read position touches as many rows in a large group as in a small one', async () => {
    const move = async ({ id }: Group) => {
      const { rows } = await observer.query<{ sequence: number }>('select sequence from heads where stream_id = $1', [
        id,
      ])
      return await rowsOf(
        'select * from move_positions(63::smallint, 1, 1, $1::bigint[], $2::bigint[], $3::bigint[], $3::bigint[])',
        [[id], [other.id], [rows[0]?.sequence]],
      )
    }
    const few = await move(small)
    expect(few).toMatchObject({ positions: expect.any(Number) })
    expect(await move(large)).toEqual(few)
  })
})
