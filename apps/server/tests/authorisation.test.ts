import { type OperationName, operationNames, operations } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  createPerson,
  newKey,
  openDirect,
  type Person,
  postOperation,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { examples } from '../src/transport/http/documentation/examples.ts'

const callable = operationNames.filter(name => operations[name].transport !== 'socket')
const guarded = callable.filter(name => operations[name].access === 'session')

interface Place {
  readonly conversationId: number
  /** A message of the group's plain member. */
  readonly sequence: number
  /** Another plain member. */
  readonly otherId: number
  /** Somebody outside. */
  readonly outsiderId: number
}

type Role = 'owner' | 'admin' | 'member' | 'stranger'
type Outcome = 'ok' | 'forbidden' | 'not-found'

/** Every operation on a conversation: what is asked, and what owner, admin, plain member and stranger are told. */
const matrix: Partial<Record<OperationName, [(place: Place) => object, Outcome, Outcome, Outcome, Outcome]>> = {
  'conversation.get': [onConversation, 'ok', 'ok', 'ok', 'not-found'],
  'conversation.update': [place => keyed(place, { name: 'New' }), 'ok', 'ok', 'forbidden', 'not-found'],
  'conversation.leave': [place => keyed(place), 'ok', 'ok', 'ok', 'not-found'],
  'membership.update': [place => keyed(place, { pinned: 1, archived: 0 }), 'ok', 'ok', 'ok', 'not-found'],
  'member.list': [onConversation, 'ok', 'ok', 'ok', 'not-found'],
  'member.add': [place => keyed(place, { accountIds: [place.outsiderId] }), 'ok', 'ok', 'forbidden', 'not-found'],
  'member.remove': [place => keyed(place, { accountId: place.otherId }), 'ok', 'ok', 'forbidden', 'not-found'],
  'member.setRole': [
    place => keyed(place, { accountId: place.otherId, role: 'admin' }),
    'ok',
    'forbidden',
    'forbidden',
    'not-found',
  ],
  'message.send': [sending, 'ok', 'ok', 'ok', 'not-found'],
  'message.edit': [place => onMessage(place, { body: 'Changed' }), 'forbidden', 'forbidden', 'ok', 'not-found'],
  'message.delete': [place => onMessage(place), 'ok', 'ok', 'ok', 'not-found'],
  'message.react': [place => onMessage(place, { emoji: '👍' }), 'ok', 'ok', 'ok', 'not-found'],
  'message.unreact': [place => onMessage(place, { emoji: '👍' }), 'ok', 'ok', 'ok', 'not-found'],
  'message.forward': [forwarding, 'ok', 'ok', 'ok', 'not-found'],
  'message.pin': [place => onMessage(place), 'ok', 'ok', 'forbidden', 'not-found'],
  'message.unpin': [place => onMessage(place), 'ok', 'ok', 'forbidden', 'not-found'],
  'pin.list': [onConversation, 'ok', 'ok', 'ok', 'not-found'],
  'message.save': [place => onMessage(place), 'ok', 'ok', 'ok', 'not-found'],
  'message.unsave': [place => onMessage(place), 'ok', 'ok', 'ok', 'not-found'],
  'message.list': [onConversation, 'ok', 'ok', 'ok', 'not-found'],
  'message.versions': [({ conversationId, sequence }) => ({ conversationId, sequence }), 'ok', 'ok', 'ok', 'not-found'],
  'position.move': [place => ({ ...onConversation(place), delivered: 1 }), 'ok', 'ok', 'ok', 'not-found'],
  'position.list': [onConversation, 'ok', 'ok', 'ok', 'not-found'],
  'typing.set': [place => ({ ...onConversation(place), state: 'typing' }), 'ok', 'ok', 'ok', 'not-found'],
}

function onConversation({ conversationId }: Place) {
  return { conversationId }
}

function keyed({ conversationId }: Place, rest: object = {}) {
  return { conversationId, key: newKey(), ...rest }
}

function onMessage({ conversationId, sequence }: Place, rest: object = {}) {
  return { conversationId, sequence, key: newKey(), ...rest }
}

function sending({ conversationId }: Place) {
  return { conversationId, clientMessageId: newKey(), body: 'Hello' }
}

function forwarding({ conversationId, sequence }: Place) {
  return { conversationId, clientMessageId: newKey(), from: { conversationId, sequence } }
}

/** What only these operations change; the journal also moves when the bell's consumer writes. */
async function readState(server: TestServer): Promise<unknown> {
  const client = new Client({ connectionString: server.database.url })
  await client.connect()
  const { rows } = await client.query(`
    select (select count(*) from events) as events, (select count(*) from accounts) as accounts,
      (select count(*) from pins) as pins, (select count(*) from saves) as saves,
      (select md5(string_agg(m::text, ' ' order by m::text)) from memberships m) as memberships,
      (select md5(string_agg(m::text, ' ' order by m::text)) from conversation_settings m) as settings,
      (select md5(string_agg(m::text, ' ' order by m::text)) from messages m) as messages`)
  await client.end()
  return rows[0]
}

test('A3: no operation that needs a session answers without one, or with one that was ended', async () => {
  await using server = await startServer()
  const ana = await createPerson(server)
  const ended = await ana.signInAgain()
  await ended.call('session.end', {})
  const before = await readState(server)
  for (const name of guarded) {
    const { input } = examples[name]
    const without = await postOperation(server.url, name, input)
    expect([without.status, without.body.code], name).toEqual([401, 'unauthenticated'])
    const after = await ended.attempt(name, input)
    expect([after.status, after.body.code], name).toEqual([401, 'session-ended'])
  }
  expect(await readState(server)).toEqual(before)
})

test('every operation on a conversation is in the matrix', () => {
  const named = guarded.filter(name => Object.hasOwn(examples[name].input, 'conversationId'))
  expect(Object.keys(matrix).sort()).toEqual(named.filter(name => name !== 'bell.clear').sort())
})

test('L8: each role may do what is its own and nothing else; what is refused writes nothing', async () => {
  await using server = await startServer()
  const [owner, admin, member, other, stranger] = await createPeople(server, 5)
  const people: Record<Role, Person> = { owner, admin, member, stranger }
  for (const [name, [input, ...outcomes]] of Object.entries(matrix)) {
    for (const [index, role] of (['owner', 'admin', 'member', 'stranger'] as const).entries()) {
      const place = await createPlace({ owner, admin, member, other, stranger })
      const before = await readState(server)
      const answer = await people[role].attempt(name, input(place))
      expect(answer.status === 200 ? 'ok' : answer.body.code, `${name} by ${role}`).toBe(outcomes[index])
      if (answer.status !== 200) expect(await readState(server), `${name} by ${role}`).toEqual(before)
    }
  }
})

async function createPlace(
  people: Record<'owner' | 'admin' | 'member' | 'other' | 'stranger', Person>,
): Promise<Place> {
  const { owner, admin, member, other, stranger } = people
  const conversationId = await createGroup(owner, [admin, member, other])
  await owner.call('member.setRole', { conversationId, key: newKey(), accountId: admin.id, role: 'admin' })
  const sent = await member.call('message.send', { conversationId, clientMessageId: newKey(), body: 'Mine' })
  return { conversationId, sequence: sent.sequence, otherId: other.id, outsiderId: stranger.id }
}

test('a stranger cannot tell a conversation of others from one that does not exist', async () => {
  await using server = await startServer()
  const [ana, bo, eve] = await createPeople(server, 3)
  const direct = await openDirect(ana, bo)
  const sent = await ana.call('message.send', { conversationId: direct, clientMessageId: newKey(), body: 'Secret' })
  const real: Place = { conversationId: direct, sequence: sent.sequence, otherId: bo.id, outsiderId: eve.id }
  for (const [name, [input]] of Object.entries(matrix)) {
    const [theirs, nobodys] = [
      await eve.attempt(name, input(real)),
      await eve.attempt(name, input({ ...real, conversationId: 999_999 })),
    ]
    expect([theirs.status, theirs.body.code], name).toEqual([404, 'not-found'])
    expect(theirs.body, name).toEqual(nobodys.body)
  }
  const cursor = { epoch: '', sequence: 0, micros: 0 }
  for (const stream of [direct, ana.id, 999_999]) {
    expect((await eve.attempt('stream.read', { stream, cursor })).body.code, `stream ${stream}`).toBe('not-found')
  }
})
