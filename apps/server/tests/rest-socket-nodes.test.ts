/** The REST mail API: its WebSocket over time, under load and on two nodes (M9, L4, L10). */
import type { AccountId, MailId } from '@recado/protocol'
import { startCluster, startServer, type TestNodes, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrived, ask, barrier, form, json, password, RestUser } from './rest-client.ts'

async function markAsRead(user: RestUser, id: number) {
  expect((await user.ask(`/messages/${id}/read`, { method: 'PUT' })).status).toBe(200)
}

test('an expired token opens nothing; a connection that is open stays', async () => {
  await using server = await startServer({ env: { ACCESS_TOKEN_EXPIRE_MINUTES: '1' } })
  const user = await RestUser.create(server)
  await using socket = await user.listen()
  await barrier(user, [socket])
  const { clock } = server.running.context
  const now = clock.now
  Object.assign(clock, { now: () => now() + 61_000 })
  try {
    await using late = await user.listen()
    expect(await late.untilClosed()).toBe(1008)
    expect((await user.ask('/users/')).body).toEqual({ detail: 'Não foi possível validar as credenciais' })
    const again = (await ask(server, '/token', form({ username: user.username, password }))).body.access_token
    const sent = await ask(server, '/messages/', {
      ...json({ recipient_id: user.id, title: 'x', body: '' }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${again}` },
    })
    expect((await socket.until(1))[0].message.id).toBe(sent.body.id)
  } finally {
    Object.assign(clock, { now })
  }
})

test('L10: who takes nothing while thousands of events come gets all of them once it reads on', async () => {
  await using server = await startServer()
  const [ana, bia] = [await RestUser.create(server), await RestUser.create(server)]
  const { id } = await ana.send(bia, '😀'.repeat(255))
  await using socket = await bia.listen()
  socket.socket.pause()
  // More than the network between the two takes, and the megabyte that a connection may owe.
  const [rounds, each] = [30, 500]
  for (let round = 0; round < rounds; round++) {
    await server.running.context.log.transact(async transaction => {
      const stream = bia.id as AccountId
      await transaction.lockStreams([], [stream])
      const event = { stream, kind: 'mail.arrived' as const, actorId: null, target: id as MailId }
      await transaction.appendEvents(Array.from({ length: each }, () => event))
    })
  }
  socket.socket.resume()
  expect(await socket.until(rounds * each)).toHaveLength(rounds * each)
  await barrier(bia, [socket])
  expect(new Set(socket.frames.map(({ message }) => message.id))).toEqual(new Set([id]))
}, 120_000)

test('the server that stops says that it goes away', async () => {
  const server = await startServer()
  const user = await RestUser.create(server)
  const socket = await user.listen()
  await barrier(user, [socket])
  await server[Symbol.asyncDispose]()
  expect(await socket.untilClosed()).toBe(1001)
})

describe.each<'shared' | 'lost'>(['shared', 'lost'])('L4: on two nodes, hints %s', hints => {
  let cluster: TestNodes
  beforeAll(async () => {
    cluster = await startCluster(2, hints)
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  test('each connection gets each event, on whichever node it is', async () => {
    const [here, there] = cluster.nodes as [TestServer, TestServer]
    const [ana, bia] = [await RestUser.create(here), await RestUser.create(there)]
    await using near = await bia.listen(here)
    await using far = await bia.listen(there)
    const sent = await ana.send(bia, 'Entre nós')
    for (const socket of [near, far]) expect(await socket.until(1)).toEqual([arrived(ana, sent, 1)])
    await markAsRead(bia, sent.id)
    await markAsRead(bia, sent.id)
    const read = { event: 'unread_count_updated', unread_count: 0 }
    for (const socket of [near, far]) expect((await socket.until(3)).slice(1)).toEqual([read, read])
    expect((await bia.list('inbox'))[0].is_read).toBe(true)
  })

  test('a session that is ended on one node loses its connection on the other', async () => {
    const [here, there] = cluster.nodes as [TestServer, TestServer]
    const user = await RestUser.create(here)
    await using socket = await user.listen(there)
    await barrier(user, [socket])
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${user.token}` }
    await ask(here, '/v1/session.end', { method: 'POST', headers, body: '{}' })
    expect(await socket.untilClosed()).toBe(1008)
  })
})
