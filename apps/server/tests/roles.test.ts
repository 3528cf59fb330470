/**
 * Every operation on a conversation by everybody who might try it, generated from two tables: what each operation asks
 * for, and who may. A denial wrote nothing: the conversation's head and its members are as before (C2, L8).
 */
import type { ConversationId, ProblemCode } from '@recado/protocol'
import { createGroup, createPeople, newKey, type Person, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const actors = ['owner', 'admin', 'member', 'former member', 'stranger'] as const
type Actor = (typeof actors)[number]

interface Scene {
  readonly group: ConversationId
  readonly direct: ConversationId
  readonly people: Readonly<Record<Actor | 'other' | 'other admin' | 'newcomer', Person>>
  /** A message of the member called `other`, and one of the actor where the actor could write one. */
  readonly message: number
}

interface Attempt {
  readonly op: string
  data(scene: Scene): object
  /** What each actor is refused with; whoever is not named succeeds. */
  readonly refused: Partial<Record<Actor, ProblemCode>>
}

const outsiders = { 'former member': 'not-found', stranger: 'not-found' } as const
const managers = { ...outsiders, member: 'forbidden' } as const
const owners = { ...managers, admin: 'forbidden' } as const

const attempts: Record<string, Attempt> = {
  'read the conversation': {
    op: 'conversation.get',
    data: ({ group }) => ({ conversationId: group }),
    refused: outsiders,
  },
  'change their own settings': {
    op: 'membership.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), muted: 'forever' }),
    refused: outsiders,
  },
  'find members': {
    op: 'member.list',
    data: ({ group }) => ({ conversationId: group, query: 'person' }),
    refused: outsiders,
  },
  'describe the group': {
    op: 'conversation.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), description: 'What for' }),
    refused: managers,
  },
  'list members': { op: 'member.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read history': { op: 'message.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read versions': {
    op: 'message.versions',
    data: ({ group, message }) => ({ conversationId: group, sequence: message }),
    refused: outsiders,
  },
  'read positions': { op: 'position.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read the stream': {
    op: 'stream.read',
    data: ({ group }) => ({
      stream: group,
      cursor: { epoch: server.running.context.store.epoch, sequence: 0, micros: 0 },
    }),
    refused: outsiders,
  },
  'move a position': {
    op: 'position.move',
    data: ({ group, message }) => ({ conversationId: group, read: message }),
    refused: outsiders,
  },
  type: {
    op: 'typing.set',
    data: ({ group }) => ({ conversationId: group, state: 'typing' }),
    refused: outsiders,
  },
  'send a message': {
    op: 'message.send',
    data: ({ group }) => ({ conversationId: group, clientMessageId: newKey(), body: 'hello' }),
    refused: outsiders,
  },
  'quote a message': {
    op: 'message.send',
    data: ({ group, message }) => ({ conversationId: group, clientMessageId: newKey(), body: 're', replyTo: message }),
    refused: outsiders,
  },
  'edit somebody’s message': {
    op: 'message.edit',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), body: 'edited' }),
    refused: { ...outsiders, owner: 'forbidden', admin: 'forbidden', member: 'forbidden' },
  },
  'delete somebody’s message': {
    op: 'message.delete',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: managers,
  },
  react: {
    op: 'message.react',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), emoji: '🎉' }),
    refused: outsiders,
  },
  'take a reaction back': {
    op: 'message.unreact',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), emoji: '🎉' }),
    refused: outsiders,
  },
  rename: {
    op: 'conversation.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), name: 'Renamed' }),
    refused: managers,
  },
  'add somebody': {
    op: 'member.add',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountIds: [people.newcomer.id] }),
    refused: managers,
  },
  'add oneself': {
    op: 'member.add',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountIds: [people.stranger.id] }),
    refused: managers,
  },
  'remove a member': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.other.id }),
    refused: managers,
  },
  'remove an admin': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people['other admin'].id }),
    refused: owners,
  },
  'remove the owner': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.owner.id }),
    refused: { ...owners, owner: 'forbidden' },
  },
  'make somebody an admin': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.other.id, role: 'admin' }),
    refused: owners,
  },
  'make an admin the owner': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.admin.id, role: 'owner' }),
    refused: owners,
  },
  'take the last owner’s role': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.owner.id, role: 'member' }),
    refused: { ...owners, owner: 'forbidden' },
  },
  leave: {
    op: 'conversation.leave',
    data: ({ group }) => ({ conversationId: group, key: newKey() }),
    refused: outsiders,
  },
  'read a direct conversation of others': {
    op: 'message.list',
    data: ({ direct }) => ({ conversationId: direct }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
  'send to a direct conversation of others': {
    op: 'message.send',
    data: ({ direct }) => ({ conversationId: direct, clientMessageId: newKey(), body: 'let me in' }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
  'watch the stream of another account': {
    op: 'stream.read',
    data: ({ people }) => ({
      stream: people.other.id,
      cursor: { epoch: server.running.context.store.epoch, sequence: 0, micros: 0 },
    }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
}

let server: TestServer
let crowd: Scene['people']
beforeAll(async () => {
  server = await startServer()
  const [owner, admin, member, former, stranger, other, otherAdmin, newcomer] = await createPeople(server, 8)
  crowd = { owner, admin, member, 'former member': former, stranger, other, 'other admin': otherAdmin, newcomer }
})
afterAll(() => server[Symbol.asyncDispose]())

async function createScene(): Promise<Scene> {
  const { owner, admin, member, 'former member': former, other, 'other admin': otherAdmin, newcomer } = crowd
  const group = await createGroup(owner, [admin, member, former, other, otherAdmin])
  for (const person of [admin, otherAdmin]) {
    await owner.call('member.setRole', { conversationId: group, key: newKey(), accountId: person.id, role: 'admin' })
  }
  const message = await other.call('message.send', { conversationId: group, clientMessageId: newKey(), body: 'mine' })
  await owner.call('member.remove', { conversationId: group, key: newKey(), accountId: former.id })
  const direct = await other.call('conversation.open', { accountId: newcomer.id })
  return { group, direct: direct.id, people: crowd, message: message.sequence }
}

/** All that could have been written: of the group as its owner sees it, and of the direct conversation. */
async function state({ group, direct, people }: Scene) {
  const [conversation, members, messages, other] = await Promise.all([
    people.owner.call('conversation.get', { conversationId: group }),
    people.owner.call('member.list', { conversationId: group }),
    people.owner.call('message.list', { conversationId: group }),
    people.newcomer.call('conversation.get', { conversationId: direct }),
  ])
  return { conversation, members: members.items, messages, other }
}

for (const [name, attempt] of Object.entries(attempts))
  describe(`C2, L8: to ${name}`, () => {
    const denied = actors.filter(actor => attempt.refused[actor] !== undefined)
    const allowed = actors.filter(actor => attempt.refused[actor] === undefined)

    test(`is refused to ${denied.join(', ')} and writes nothing`, async () => {
      const scene = await createScene()
      const before = await state(scene)
      for (const actor of denied) {
        const answer = await scene.people[actor].attempt(attempt.op, attempt.data(scene))
        expect([actor, answer.body.code]).toEqual([actor, attempt.refused[actor]])
      }
      expect(await state(scene)).toEqual(before)
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
    const before = await state(scene)
    const answer = await scene.people.other.attempt(op, data(scene.direct, scene.people))
    expect(answer.body.code).toBe('forbidden')
    expect(await state(scene)).toEqual(before)
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
