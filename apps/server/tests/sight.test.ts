/** L8: who receives and reads what. Each denial stands beside the success it differs from by one thing. */
import type { ConversationId } from '@recado/protocol'
import { createGroup, createPeople, newKey, type Person, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const send = (person: Person, conversationId: ConversationId, body: string, more: object = {}) =>
  person.call('message.send', { conversationId, clientMessageId: newKey(), body, ...more })

test('L8: a member added from now on receives edits, deletions and reactions of older messages as void', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo])
  const old = await send(ana, group, 'before cy came')
  await using boSocket = await bo.connect()
  await using cySocket = await cy.connect()
  await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [cy.id], history: 'from-now' })
  await cySocket.until(() =>
    cySocket.frames('behind').find(frame => frame.streams.some(({ stream }) => stream === group)),
  )
  await ana.call('message.edit', { conversationId: group, sequence: old.sequence, key: newKey(), body: 'a secret' })
  await bo.call('message.react', { conversationId: group, sequence: old.sequence, key: newKey(), emoji: '👍' })
  const last = await send(ana, group, 'for everybody')
  await boSocket.until(() => boSocket.sequences(group).includes(last.sequence))
  await cySocket.until(() => cySocket.sequences(group).includes(last.sequence))
  expect(boSocket.events(group).map(event => event.kind)).toEqual([
    'member.added',
    'message.edited',
    'reaction.changed',
    'message.created',
  ])
  expect(cySocket.events(group).map(event => event.kind)).toEqual(['void', 'void', 'message.created'])
  expect(JSON.stringify(cySocket.pushed)).not.toContain('a secret')
})
