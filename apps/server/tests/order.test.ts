/** L1 and L3: one order under concurrency, and retries that change nothing. */
import type { ConversationId, OperationOutput } from '@recado/protocol'
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

type Sent = OperationOutput<'message.send'>

const send = (
  person: Person,
  conversationId: ConversationId,
  body: string,
  clientMessageId = newKey(),
): Promise<Sent> => person.call('message.send', { conversationId, clientMessageId, body })

async function history(person: Person, conversationId: ConversationId) {
  const { items, head } = await person.call('message.list', { conversationId })
  return { bodies: items.map(({ body }) => body), sequences: items.map(({ sequence }) => sequence), items, head }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

describe('L1 order', () => {
  test('L1: writes of many people at once take dense sequences, messages dense ordinals, and everybody sees one order', async () => {
    const people = await createPeople(server, 4)
    const [owner, ...others] = people
    const group = await createGroup(owner, others)
    const start = (await owner.call('conversation.get', { conversationId: group })).head
    const sockets = await Promise.all(people.map(person => person.connect()))
    await using _closing = { [Symbol.asyncDispose]: () => closeAll(sockets) }
    const writes = sockets.flatMap((socket, who) =>
      range(1, 25).map(async number => {
        const sent = await socket.call('message.send', {
          conversationId: group,
          clientMessageId: newKey(),
          body: `${who} ${number}`,
        })
        const target = { conversationId: group, sequence: sent.sequence, key: newKey() }
        if (number % 5 === 0) await socket.call('message.edit', { ...target, body: `${who} ${number} edited` })
        if (number % 5 === 1) await socket.call('message.react', { ...target, emoji: '✅' })
        return sent
      }),
    )
    const renames = range(1, 5).map(number =>
      owner.call('conversation.update', { conversationId: group, key: newKey(), name: `Name ${number}` }),
    )
    const sent = await Promise.all(writes)
    await Promise.all(renames)
    const last = start.sequence + 100 + 40 + 5
    for (const socket of sockets) {
      await socket.until(() => socket.events(group).at(-1)?.sequence === last)
      expect(socket.sequences(group)).toEqual(range(start.sequence + 1, last))
      expect(socket.events(group).map(event => event.kind)).toEqual(sockets[0]?.events(group).map(event => event.kind))
      const micros = socket.events(group).map(event => event.micros)
      expect(micros).toEqual(micros.toSorted((a, b) => a - b))
    }
    const ordinals = sent.map(({ ordinal }) => ordinal).sort((a, b) => a - b)
    expect(ordinals).toEqual(range(1, 100))
    expect(new Set(sent.map(({ id }) => id)).size).toBe(100)
    expect(Math.max(...sent.map(({ id }) => id))).toBeLessThan(Number.MAX_SAFE_INTEGER)
  })

  test('L1: what one socket sends is in the order it was sent, however deep the pipeline', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using socket = await ana.connect()
    const bodies = range(1, 300).map(String)
    await Promise.all(
      bodies.map(body => socket.call('message.send', { conversationId: direct, clientMessageId: newKey(), body })),
    )
    await socket.until(() => socket.bodies(direct).length === bodies.length)
    expect(socket.bodies(direct)).toEqual(bodies)
  })

  test('L1: two first messages in one conversation are the first and the second', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const sent = await Promise.all([send(ana, direct, 'first?'), send(bo, direct, 'first?')])
    expect(sent.map(({ ordinal }) => ordinal).sort()).toEqual([1, 2])
    expect((await history(ana, direct)).items).toHaveLength(2)
  })
})

describe('L3 retries', () => {
  test('L3: the second attempt of every keyed operation gets the first result and appends nothing', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo])
    const { sequence } = await send(ana, group, 'hello')
    const attempts: (() => Promise<unknown>)[] = [
      keyed(key => ana.call('message.send', { conversationId: group, clientMessageId: key, body: 'again' })),
      keyed(key => ana.call('message.edit', { conversationId: group, sequence, key, body: 'hello!' })),
      keyed(key => bo.call('message.react', { conversationId: group, sequence, key, emoji: '👋' })),
      keyed(key => bo.call('message.unreact', { conversationId: group, sequence, key, emoji: '👋' })),
      keyed(key => ana.call('message.delete', { conversationId: group, sequence, key })),
      keyed(key => ana.call('conversation.update', { conversationId: group, key, name: 'Renamed' })),
      keyed(key => ana.call('member.add', { conversationId: group, key, accountIds: [cy.id] })),
      keyed(key => ana.call('member.setRole', { conversationId: group, key, accountId: cy.id, role: 'admin' })),
      keyed(key => ana.call('member.remove', { conversationId: group, key, accountId: cy.id })),
      keyed(key => bo.call('conversation.leave', { conversationId: group, key })),
    ]
    for (const attempt of attempts) {
      const first = await attempt()
      const { head } = await history(ana, group)
      expect(await attempt()).toEqual(first)
      expect((await history(ana, group)).head).toEqual(head)
    }
  })

  test('L3: a group that is created twice with one key is one group; a key with other content is refused', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const request = { key: newKey(), name: 'Once', accountIds: [bo.id] }
    const [first, second] = await Promise.all([
      ana.call('conversation.create', request),
      ana.call('conversation.create', request),
    ])
    expect(second.id).toBe(first.id)
    expect((await ana.call('conversation.list', {})).items).toHaveLength(1)
    await expect(ana.call('conversation.create', { ...request, name: 'Twice' })).rejects.toMatchObject({
      code: 'key-reused',
    })
    expect((await ana.call('conversation.list', {})).items).toHaveLength(1)
  })

  test('L3: one key with other content is refused and changes nothing', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    const key = newKey()
    await send(ana, direct, 'one thing', key)
    await expect(send(ana, direct, 'another thing', key)).rejects.toMatchObject({ code: 'key-reused' })
    expect((await history(ana, direct)).bodies).toEqual(['one thing'])
  })

  test('L3: one key is free in another conversation and for another person', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const withBo = await openDirect(ana, bo)
    const withCy = await openDirect(ana, cy)
    const key = newKey()
    const sent = [
      await send(ana, withBo, 'to bo', key),
      await send(ana, withCy, 'to cy', key),
      await send(bo, withBo, 'from bo', key),
    ]
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3)
    expect((await history(bo, withBo)).bodies).toEqual(['to bo', 'from bo'])
  })

  test('L3: the same send at once from two sockets is one message with one result', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using one = await ana.connect()
    await using other = await ana.connect()
    const request = { conversationId: direct, clientMessageId: newKey(), body: 'twice' }
    const [first, second, third] = await Promise.all([
      one.call('message.send', request),
      other.call('message.send', request),
      ana.call('message.send', request),
    ])
    expect([second, third]).toEqual([first, first])
    expect((await history(bo, direct)).bodies).toEqual(['twice'])
  })

  test('L3: a retry after the removal gets the first result; a new send is refused', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const key = newKey()
    const first = await send(bo, group, 'still in', key)
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    expect(await send(bo, group, 'still in', key)).toEqual(first)
    await expect(send(bo, group, 'no more')).rejects.toMatchObject({ code: 'not-found' })
    expect((await history(ana, group)).bodies).toEqual(['still in'])
  })

  test('L3: NUL in one body among 500 good ones refuses that one alone', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const direct = await openDirect(ana, bo)
    await using socket = await ana.connect()
    const bodies = range(1, 500).map(number => (number === 250 ? 'nu\u0000l' : `good ${number}`))
    const replies = await Promise.all(
      bodies.map(body => socket.request('message.send', { conversationId: direct, clientMessageId: newKey(), body })),
    )
    expect(replies.filter(reply => 'problem' in reply)).toHaveLength(1)
    expect(replies[249]).toMatchObject({ problem: { code: 'invalid-input', retry: 'never' } })
    await socket.until(() => socket.bodies(direct).length === bodies.length - 1)
    expect(socket.bodies(direct)).toEqual(bodies.filter(body => !body.includes('\u0000')))
  })
})

describe('races', () => {
  test('C1: two people who open their conversation at the same instant get the same one', async () => {
    const [ana, bo] = await createPeople(server, 2)
    const ids = await Promise.all([openDirect(ana, bo), openDirect(bo, ana), openDirect(ana, bo), openDirect(bo, ana)])
    expect(new Set(ids).size).toBe(1)
    expect((await ana.call('conversation.list', {})).items).toHaveLength(1)
  })

  test('C2: two removals of one person at once are one removal', async () => {
    const [ana, bo, cy] = await createPeople(server, 3)
    const group = await createGroup(ana, [bo, cy])
    await ana.call('member.setRole', { conversationId: group, key: newKey(), accountId: bo.id, role: 'owner' })
    const removals = await Promise.all(
      [ana, bo].map(person => person.call('member.remove', { conversationId: group, key: newKey(), accountId: cy.id })),
    )
    expect(removals.filter(({ sequence }) => sequence !== null)).toHaveLength(1)
    const { memberCount, head } = await ana.call('conversation.get', { conversationId: group })
    expect(memberCount).toBe(2)
    expect(head.sequence).toBe(removals.find(({ sequence }) => sequence !== null)?.sequence)
  })

  test('L8: a send against a removal lies before it in the log or is refused', async () => {
    const [ana, bo] = await createPeople(server, 2)
    for (const _round of range(1, 5)) {
      const group = await createGroup(ana, [bo])
      await using socket = await bo.connect()
      const sends = range(1, 20).map(number =>
        socket.request('message.send', { conversationId: group, clientMessageId: newKey(), body: String(number) }),
      )
      const { sequence: removedAt } = await ana.call('member.remove', {
        conversationId: group,
        key: newKey(),
        accountId: bo.id,
      })
      const replies = await Promise.all(sends)
      for (const reply of replies) {
        if ('problem' in reply) expect(reply.problem.code).toBe('not-found')
        else expect((reply.result as Sent).sequence).toBeLessThan(removedAt ?? 0)
      }
      const { items } = await history(ana, group)
      expect(items).toHaveLength(replies.filter(reply => 'result' in reply).length)
    }
  })

  test('C2: when both owners leave at once, the group still has an owner', async () => {
    for (const _round of range(1, 3)) {
      const [ana, bo, cy, di] = await createPeople(server, 4)
      const group = await createGroup(ana, [bo, cy, di])
      await ana.call('member.setRole', { conversationId: group, key: newKey(), accountId: bo.id, role: 'owner' })
      await ana.call('member.setRole', { conversationId: group, key: newKey(), accountId: di.id, role: 'admin' })
      await Promise.all(
        [ana, bo].map(person => person.call('conversation.leave', { conversationId: group, key: newKey() })),
      )
      const { items } = await cy.call('member.list', { conversationId: group })
      expect(items.map(({ person, role }) => [person.id, role])).toEqual([
        [di.id, 'owner'],
        [cy.id, 'member'],
      ])
    }
  })
})

function keyed(run: (key: string) => Promise<unknown>): () => Promise<unknown> {
  const key = newKey()
  return () => run(key)
}

async function closeAll(sockets: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(sockets.map(socket => socket[Symbol.asyncDispose]()))
}
