/** L8: who receives and reads what. Each denial stands beside the success it differs from by one thing. */
import type { ConversationId } from '@recado/protocol'
import { connectDedicated } from '@recado/server/store/pool.ts'
import {
  createGroup,
  createPeople,
  newKey,
  type Person,
  silentLogger,
  startServer,
  type TestServer,
} from '@recado/testkit'
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
  // Following may begin with the event of the addition itself.
  const seen = cySocket.events(group).map(event => event.kind)
  expect(seen.filter(kind => kind !== 'member.added')).toEqual(['void', 'void', 'message.created'])
  expect(JSON.stringify(cySocket.pushed)).not.toContain('a secret')
})

test('L8: who is added from now on reads nothing from before: no history, versions, quotes, replay or page around it', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo])
  const old = await send(ana, group, 'a secret of before')
  await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [cy.id] })
  const quote = await send(bo, group, 'look at this', { replyTo: old.sequence })
  const { epoch } = server.running.context.store
  const fromTheBeginning = { stream: group, cursor: { epoch, sequence: 0, micros: 0 } }
  const seen = [
    await cy.call('message.list', { conversationId: group }),
    await cy.call('message.list', { conversationId: group, around: old.sequence }),
    await cy.call('message.list', { conversationId: group, around: { time: old.createdAt } }),
    await cy.call('message.list', { conversationId: group, before: quote.sequence }),
    await cy.call('message.list', { conversationId: group, after: 0 }),
    await cy.call('conversation.get', { conversationId: group }),
    await cy.call('conversation.list', {}),
    await cy.call('stream.read', fromTheBeginning),
  ]
  expect(JSON.stringify(seen)).not.toContain('secret')
  const { items } = await cy.call('stream.read', fromTheBeginning)
  expect(items.map(({ kind }) => kind)).toEqual(['void', 'void', 'void', 'member.added', 'message.created'])
  expect(items.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
  const refused = [
    cy.call('message.versions', { conversationId: group, sequence: old.sequence }),
    cy.call('message.react', { conversationId: group, sequence: old.sequence, key: newKey(), emoji: '👀' }),
    send(cy, group, 'quoting what I cannot see', { replyTo: old.sequence }),
  ]
  await Promise.all(refused.map(attempt => expect(attempt).rejects.toMatchObject({ code: 'not-found' })))
  expect(JSON.stringify(await bo.call('stream.read', fromTheBeginning))).toContain('a secret of before')
})

test('L8: who is added with all of the history sees what was before, live too', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [])
  const old = await send(ana, group, 'from before')
  await using socket = await bo.connect()
  await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id], history: 'all' })
  await socket.until(() =>
    socket.frames('behind').some(({ streams }) => streams.some(({ stream }) => stream === group)),
  )
  await ana.call('message.edit', { conversationId: group, sequence: old.sequence, key: newKey(), body: 'edited' })
  await socket.until(() => socket.events(group).some(event => event.kind === 'message.edited'))
  const { items } = await bo.call('message.list', { conversationId: group })
  expect(items.map(({ body }) => body)).toEqual(['edited'])
})

test('L8: the bell and positions never tell of what a member may not see, and a former member hears nothing', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo, cy])
  await using boSocket = await bo.connect()
  await using cySocket = await cy.connect()
  const removal = { conversationId: group, key: newKey(), accountId: bo.id }
  const { sequence: removedAt } = await ana.call('member.remove', removal)
  await boSocket.until(() => boSocket.events(bo.id).some(({ kind }) => kind === 'conversation.left'))
  await boSocket.until(() => boSocket.sequences(group).includes(removedAt ?? 0))
  const { sequence } = await send(ana, group, `@${bo.username} @${cy.username}`, { mentions: [bo.id, cy.id] })
  await ana.call('typing.set', { conversationId: group, state: 'typing' })
  await cy.call('position.move', { conversationId: group, read: sequence })
  await cySocket.until(() => cySocket.frames('bell').some(({ items }) => items.some(({ kind }) => kind === 'mention')))
  await cySocket.until(() => cySocket.frames('typing').length > 0)
  await boSocket.settle()
  expect(boSocket.sequences(group).at(-1)).toBe(removedAt)
  expect(boSocket.frames('typing')).toEqual([])
  expect(boSocket.frames('positions')).toEqual([])
  const { items } = await bo.call('bell.list', { above: 0 })
  expect(items.filter(({ kind, cleared }) => kind === 'mention' || !cleared)).toEqual([])
})

test('L8: a member who comes back follows again, on the sockets that stayed open', async () => {
  const [ana, bo] = await createPeople(server, 2)
  const group = await createGroup(ana, [bo])
  await using socket = await bo.connect()
  for (let round = 1; round <= 3; round++) {
    await ana.call('member.remove', { conversationId: group, key: newKey(), accountId: bo.id })
    await send(ana, group, `without ${round}`)
    const behind = socket.frames('behind').length
    await ana.call('member.add', { conversationId: group, key: newKey(), accountIds: [bo.id] })
    await socket.until(() => socket.frames('behind').length > behind)
    await send(ana, group, `with ${round}`)
    await socket.until(() => socket.bodies(group).includes(`with ${round}`))
  }
  expect(socket.bodies(group)).toEqual(['with 1', 'with 2', 'with 3'])
})

test.each(['message.list', 'stream.read', 'message.versions'] as const)(
  'L8: a %s that waited while its reader was removed shows nothing of it',
  async op => {
    const [ana, bo] = await createPeople(server, 2)
    const group = await createGroup(ana, [bo])
    const { sequence } = await send(ana, group, 'as long as he was in')
    const { epoch } = server.running.context.store
    const data = {
      'message.list': { conversationId: group },
      'stream.read': { stream: group, cursor: { epoch, sequence: 0, micros: 0 } },
      'message.versions': { conversationId: group, sequence },
    }[op]
    expect((await bo.attempt(op, data)).status).toBe(200)
    const { address } = server.database
    await using owned = new AsyncDisposableStack()
    const observer = await connectDedicated({ address, applicationName: 'observer', logger: silentLogger })
    owned.defer(() => observer.end())
    await observer.query('begin')
    await observer.query('lock table messages in access exclusive mode')
    const reading = bo.attempt(op, data)
    // The bell's reader of the log may wait there too.
    const waiting = async () => {
      // A transaction keeps its first look at who does what.
      await observer.query('select pg_stat_clear_snapshot()')
      const { rowCount } = await observer.query(
        `select 1 from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and l.relation = 'messages'::regclass and a.query not like '%ranges%'`,
      )
      return rowCount ?? 0
    }
    await expect.poll(waiting, { interval: 5 }).toBe(1)
    await observer.query('delete from memberships where conversation_id = $1 and account_id = $2', [group, bo.id])
    await observer.query("update messages set body = 'after he was removed' where conversation_id = $1", [group])
    await observer.query('commit')
    expect((await reading).body.code).toBe('not-found')
  },
)

test('L8: whoever is added and removed at once ends as the log says', async () => {
  const [ana, bo, cy] = await createPeople(server, 3)
  const group = await createGroup(ana, [bo])
  await ana.call('member.setRole', { conversationId: group, key: newKey(), accountId: bo.id, role: 'admin' })
  await using socket = await cy.connect()
  const change = (person: Person, op: 'member.add' | 'member.remove') =>
    op === 'member.add'
      ? person.call(op, { conversationId: group, key: newKey(), accountIds: [cy.id] })
      : person.call(op, { conversationId: group, key: newKey(), accountId: cy.id })
  for (let round = 0; round < 5; round++) {
    await Promise.all([change(ana, 'member.add'), change(bo, 'member.remove'), change(bo, 'member.add')])
    const { items } = await ana.call('member.list', { conversationId: group })
    const isMember = items.some(({ person }) => person.id === cy.id)
    const listed = (await cy.call('conversation.list', {})).items.some(({ id }) => id === group)
    expect(listed).toBe(isMember)
    const { memberCount } = await ana.call('conversation.get', { conversationId: group })
    expect(memberCount).toBe(items.length)
  }
  await change(ana, 'member.add')
  const { head } = await ana.call('conversation.get', { conversationId: group })
  await socket.until(
    () =>
      socket
        .frames('behind')
        .some(({ streams }) => streams.some(({ stream, sequence }) => stream === group && sequence >= head.sequence)) ||
      socket.sequences(group).includes(head.sequence),
  )
  await send(ana, group, 'in the end')
  await socket.until(() => socket.bodies(group).includes('in the end'))
})
