/** The REST mail API: its WebSocket, each sentence of its contract (M9). */
import { connect, type Socket } from 'node:net'
import { createPeople, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { to, update, write } from './mail-people.ts'
import { arrived, ask, barrier, form, json, password, RestSocket, RestUser } from './rest-client.ts'

async function markAsRead(user: RestUser, id: number) {
  expect((await user.ask(`/messages/${id}/read`, { method: 'PUT' })).status).toBe(200)
}

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('a mail reaches each connection of its recipient, and none of its sender', async () => {
  const [ana, bia] = [await RestUser.create(server), await RestUser.create(server)]
  await using first = await bia.listen()
  await using second = await bia.listen()
  await using senders = await ana.listen()
  await barrier(ana, [senders])
  await barrier(bia, [first, second])
  const one = await ana.send(bia, 'Um')
  // Of mails that a node reads together each frame says the newest count.
  for (const socket of [first, second]) await socket.until(1)
  const two = await ana.send(bia, '')
  // The barrier is a mail too.
  for (const socket of [first, second]) {
    expect(await socket.until(2)).toEqual([arrived(ana, one, 2), arrived(ana, two, 3)])
  }
  await barrier(ana, [senders])
  expect(senders.frames).toEqual([])
})

test('a mail to oneself reaches one’s own connections', async () => {
  const ana = await RestUser.create(server)
  await using socket = await ana.listen()
  const sent = await ana.send(ana, 'Nota')
  expect(await socket.until(1)).toEqual([arrived(ana, sent, 1)])
})

test('marking as read tells each of the reader’s connections, on every call, and nobody else', async () => {
  const [ana, bia] = [await RestUser.create(server), await RestUser.create(server)]
  const mails = [await ana.send(bia), await ana.send(bia), await ana.send(bia)]
  await using first = await bia.listen()
  await using second = await bia.listen()
  await using author = await ana.listen()
  const updated = (unread_count: number) => ({ event: 'unread_count_updated', unread_count })
  for (const [index, { id }] of mails.entries()) {
    await markAsRead(bia, id)
    await first.until(index + 1)
  }
  await markAsRead(bia, mails[0].id)
  await markAsRead(bia, mails[0].id)
  const expected = [2, 1, 0, 0, 0].map(updated)
  for (const socket of [first, second]) expect(await socket.until(5)).toEqual(expected)
  await barrier(ana, [author])
  expect(author.frames).toEqual([])
})

test('what happens in the app is told too: mails and reading, and nothing else', async () => {
  const [cora, dan] = await createPeople(server, 2)
  const token = await ask(server, '/token', form({ username: dan.username, password: 'correct horse battery' }))
  await using socket = await RestSocket.open(server, `/ws/?token=${token.body.access_token}`)
  const mail = await write(cora, { bcc: to(dan), subject: 'Do app' })
  expect(await socket.until(1)).toMatchObject([
    { event: 'new_message', message: { id: mail.id, sender_username: cora.username, title: 'Do app' } },
  ])
  const group = await cora.call('conversation.create', { key: 'g', name: 'Equipe', accountIds: [dan.id] })
  await cora.call('message.send', { conversationId: group.id, clientMessageId: 'm', body: 'conversa' })
  await update(dan, [mail.id], { starred: true })
  await update(dan, [mail.id], { read: true })
  await update(dan, [mail.id], { read: false })
  await update(dan, [mail.id], { folder: 'archive' })
  const last = await write(cora, { to: to(dan), subject: 'Fim' })
  expect((await socket.until(3)).slice(1)).toMatchObject([
    { event: 'unread_count_updated' },
    { event: 'new_message', message: { id: last.id, unread_count: 1 } },
  ])
})

test('the handshake is accepted, then a token that is no good ends it with 1008', async () => {
  const user = await RestUser.create(server)
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const forged = `${none}.${user.token.split('.')[1]}.`
  for (const path of ['/ws/', '/ws/?token=', '/ws/?token=x', `/ws/?token=${forged}`, `/ws/?token=${user.token}x`]) {
    await using socket = await RestSocket.open(server, path)
    expect(await socket.untilClosed(), path).toBe(1008)
    expect(socket.frames).toEqual([])
  }
})

test('ending the session ends its connections, and no other', async () => {
  const user = await RestUser.create(server)
  const again = (await ask(server, '/token', form({ username: user.username, password }))).body.access_token
  await using socket = await user.listen()
  await using kept = await RestSocket.open(server, `/ws/?token=${again}`)
  await barrier(user, [socket, kept])
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${user.token}` }
  await ask(server, '/v1/session.end', { method: 'POST', headers, body: '{}' })
  expect(await socket.untilClosed()).toBe(1008)
  const sent = await ask(server, '/messages/', {
    ...json({ recipient_id: user.id, title: 'ainda', body: '' }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${again}` },
  })
  expect((await kept.until(1))[0].message.id).toBe(sent.body.id)
})

test('text is ignored; a binary, malformed or huge frame harms at most its own connection', async () => {
  const [ana, bia] = [await RestUser.create(server), await RestUser.create(server)]
  await using good = await bia.listen()
  await using binary = await bia.listen()
  await using huge = await bia.listen()
  for (const text of ['', 'oi', '{"event":"new_message"}', '[', '\u0000']) good.socket.send(text)
  binary.socket.send(Buffer.from([0, 255, 1]))
  huge.socket.send('x'.repeat(200_000))
  expect(await huge.untilClosed()).toBe(1009)
  const broken = await openRaw(server, bia.token)
  // A masked frame with reserved bits and an opcode that is none.
  broken.write(Buffer.from([0xff, 0x85, 1, 2, 3, 4, 5, 6]))
  await new Promise(resolve => broken.once('close', resolve))
  await using _dead = new AsyncDisposableStack()
  const dead = await openRaw(server, bia.token)
  _dead.defer(() => void dead.destroy())
  dead.pause()
  const sent = await ana.send(bia, 'Chegou')
  expect(await good.until(1)).toEqual([arrived(ana, sent, 1)])
  expect(await binary.until(1)).toEqual([arrived(ana, sent, 1)])
})

test('a path without its slash leads to the canonical one; foreign pages are not let in', async () => {
  const user = await RestUser.create(server)
  await expect(RestSocket.open(server, `/ws?token=${user.token}`)).rejects.toThrow(`307 /ws/?token=${user.token}`)
  await expect(RestSocket.open(server, '/ws')).rejects.toThrow('307 /ws/')
  await expect(RestSocket.open(server, '/ws/x')).rejects.toThrow('404')
  const path = `/ws/?token=${user.token}`
  await expect(RestSocket.open(server, path, { origin: 'https://evil.example' })).rejects.toThrow('403')
  await using own = await RestSocket.open(server, path, { origin: server.url })
  await barrier(user, [own])
})

/** A socket whose frames are written by hand, once its handshake was answered. */
async function openRaw(server: TestServer, token: string): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), 'localhost')
  socket.on('error', () => undefined)
  socket.write(
    `GET /ws/?token=${token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const answer = await new Promise<Buffer | string>(resolve => socket.once('data', resolve))
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 /)
  return socket
}
