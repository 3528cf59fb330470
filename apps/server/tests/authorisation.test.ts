/**
 * Every operation on a conversation by everybody who might try it, generated from a table: what each attempt asks for, and
 * who may. A denial wrote nothing (C2, L8). That ids of others tell nothing: `hostile-fields.test.ts`.
 */
import { type ConversationId, type OperationName, operationNames, operations } from '@recado/protocol'
import {
  createGroup,
  createPeople,
  createPerson,
  newKey,
  postOperation,
  startServer,
  type TestServer,
} from '@recado/testkit'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { examples } from '../src/transport/http/documentation/examples.ts'
import { actors, attempts, type Scene } from './authorisation-attempts.ts'

const guarded = operationNames.filter(
  name => operations[name].transport !== 'socket' && operations[name].access === 'session',
)

let server: TestServer
let crowd: Scene['people']
let observer: Client
beforeAll(async () => {
  server = await startServer()
  observer = new Client({ connectionString: server.database.url })
  await observer.connect()
  const [owner, admin, member, former, stranger, other, otherAdmin, newcomer] = await createPeople(server, 8)
  crowd = { owner, admin, member, 'former member': former, stranger, other, 'other admin': otherAdmin, newcomer }
})
afterAll(async () => {
  await observer.end()
  await server[Symbol.asyncDispose]()
})

async function createScene(): Promise<Scene> {
  const { owner, admin, member, 'former member': former, other, 'other admin': otherAdmin, newcomer } = crowd
  const group = await createGroup(owner, [admin, member, former, other, otherAdmin])
  for (const person of [admin, otherAdmin]) {
    await owner.call('member.setRole', { conversationId: group, key: newKey(), accountId: person.id, role: 'admin' })
  }
  const message = await other.call('message.send', { conversationId: group, clientMessageId: newKey(), body: 'mine' })
  await owner.call('member.remove', { conversationId: group, key: newKey(), accountId: former.id })
  const direct = await other.call('conversation.open', { accountId: newcomer.id })
  const { epoch } = server.running.context.store
  return { group, direct: direct.id, people: crowd, message: message.sequence, epoch }
}

/** All that such an attempt could have changed; registers and the journal also move by themselves. */
async function state(): Promise<unknown> {
  const { rows } = await observer.query(`
    select (select count(*) from stream_events) as events, (select count(*) from conversations) as conversations,
      (select count(*) from pins) as pins, (select count(*) from saves) as saves,
      (select md5(string_agg(m::text, ' ' order by m::text)) from memberships m) as memberships,
      (select md5(string_agg(s::text, ' ' order by s::text)) from conversation_settings s) as settings,
      (select md5(string_agg(c::text, ' ' order by c::text)) from conversations c) as properties,
      (select md5(string_agg(r::text, ' ' order by r::text)) from reactions r) as reactions,
      (select md5(string_agg(m::text, ' ' order by m::text)) from messages m) as messages`)
  return rows
}

test('A3: no operation that needs a session answers without one, or with one that was ended', async () => {
  const ana = await createPerson(server)
  const ended = await ana.signInAgain()
  await ended.call('session.end', {})
  const before = await state()
  for (const name of guarded) {
    const { input } = examples[name]
    const without = await postOperation(server.url, name, input)
    expect([without.status, without.body.code], name).toEqual([401, 'unauthenticated'])
    const after = await ended.attempt(name, input)
    expect([after.status, after.body.code], name).toEqual([401, 'session-ended'])
  }
  expect(await state()).toEqual(before)
})

test('every operation on a conversation is attempted', () => {
  const inputs = guarded.filter(name => /conversationId|stream/.test(Object.keys(examples[name].input).join(' ')))
  // Clears one's own bell, whatever is named.
  const own = new Set<OperationName>(['bell.clear'])
  const attempted = new Set(Object.values(attempts).map(attempt => attempt.op))
  expect(inputs.filter(name => !attempted.has(name) && !own.has(name))).toEqual([])
})

for (const [name, attempt] of Object.entries(attempts))
  describe(`C2, L8: to ${name}`, () => {
    const denied = actors.filter(actor => attempt.refused[actor] !== undefined)
    const allowed = actors.filter(actor => attempt.refused[actor] === undefined)

    test(`is refused to ${denied.join(', ')} and writes nothing`, async () => {
      const scene = await createScene()
      const before = await state()
      for (const actor of denied) {
        const answer = await scene.people[actor].attempt(attempt.op, attempt.data(scene))
        expect([actor, answer.body.code]).toEqual([actor, attempt.refused[actor]])
      }
      expect(await state()).toEqual(before)
    })

    if (allowed.length === 0) return

    test(`is open to ${allowed.join(', ')}`, async () => {
      for (const actor of allowed) {
        const scene = await createScene()
        const answer = await scene.people[actor].attempt(attempt.op, attempt.data(scene))
        expect([actor, answer.status]).toEqual([actor, 200])
      }
    })
  })

describe('direct conversations keep their two people', () => {
  const groupOnly: readonly [string, (direct: ConversationId, people: Scene['people']) => object][] = [
    ['conversation.update', direct => ({ conversationId: direct, key: newKey(), name: 'Ours' })],
    ['conversation.leave', direct => ({ conversationId: direct, key: newKey() })],
    ['member.add', (direct, { stranger }) => ({ conversationId: direct, key: newKey(), accountIds: [stranger.id] })],
    ['member.remove', (direct, { newcomer }) => ({ conversationId: direct, key: newKey(), accountId: newcomer.id })],
    [
      'member.setRole',
      (direct, { newcomer }) => ({ conversationId: direct, key: newKey(), accountId: newcomer.id, role: 'owner' }),
    ],
  ]
  test.each(groupOnly)('C1: %s is forbidden', async (op, data) => {
    const scene = await createScene()
    const before = await state()
    const answer = await scene.people.other.attempt(op, data(scene.direct, scene.people))
    expect(answer.body.code).toBe('forbidden')
    expect(await state()).toEqual(before)
  })

  test('C1: nobody deletes the other’s message', async () => {
    const scene = await createScene()
    const { other, newcomer } = scene.people
    const conversationId = scene.direct
    const sent = await other.call('message.send', { conversationId, clientMessageId: newKey(), body: 'stays' })
    const request = { conversationId, sequence: sent.sequence, key: newKey() }
    await expect(newcomer.call('message.delete', request)).rejects.toMatchObject({ code: 'forbidden' })
    const { items } = await newcomer.call('message.list', { conversationId })
    expect(items.at(-1)?.body).toBe('stays')
    await other.call('message.delete', request)
    expect((await newcomer.call('message.list', { conversationId })).items.at(-1)?.body).toBeNull()
  })
})
