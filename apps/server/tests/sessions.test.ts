/** A3: what opens a socket, and what closes it. */
import { createHmac } from 'node:crypto'
import { createPeople, openDirect, type Person, SocketClient, startServer, type TestServer } from '@recado/testkit'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let ana: Person
let bo: Person
/** Opened first and never resumed: while the other tests run, its time runs out. */
let silent: SocketClient
beforeAll(async () => {
  server = await startServer()
  silent = await SocketClient.open(server.url)
  ;[ana, bo] = await createPeople(server, 2)
})
afterAll(async () => {
  await silent[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
/** An ended session takes effect within a second; a machine that does five things at once gets five. */
const effectiveMs = 5_000

describe('revocation', () => {
  test('A3: a session that is ended loses its sockets, and only those', async () => {
    const phone = await ana.signInAgain()
    await using phoneSocket = await phone.connect()
    await using phoneTab = await phone.connect()
    await using kept = await ana.connect()
    const { items } = await ana.call('session.list', {})
    const sessionId = payloadOf(phone.token).sid
    expect(items.map(({ id }) => id)).toContain(sessionId)
    await ana.call('session.end', { sessionId })
    expect(await phoneSocket.untilClosed(effectiveMs)).toBe(4502)
    expect(await phoneTab.untilClosed(effectiveMs)).toBe(4502)
    await kept.settle()
    expect((await phone.attempt('account.get', {})).body.code).toBe('session-ended')
    await using again = await SocketClient.open(server.url)
    await expect(again.resume(phone.token)).rejects.toMatchObject({ code: 'session-ended' })
    expect(await again.untilClosed()).toBe(4502)
  })

  test('A3: signing out closes one’s own socket; the others go with session.endOthers', async () => {
    const laptop = await ana.signInAgain()
    const phone = await ana.signInAgain()
    await using laptopSocket = await laptop.connect()
    await using phoneSocket = await phone.connect()
    await using current = await ana.connect()
    await phoneSocket.call('session.end', {}).catch(() => undefined)
    expect(await phoneSocket.untilClosed(effectiveMs)).toBe(4502)
    await ana.call('session.endOthers', {})
    expect(await laptopSocket.untilClosed(effectiveMs)).toBe(4502)
    await current.settle()
  })

  test('A3: a session of somebody else is not ended', async () => {
    await using socket = await bo.connect()
    const sessionId = payloadOf(bo.token).sid
    await expect(ana.call('session.end', { sessionId })).rejects.toMatchObject({ code: 'not-found' })
    await socket.settle()
  })

  test('A3: nothing of a session that ended reaches the log, though it was already on its way', async () => {
    const tablet = await ana.signInAgain()
    const direct = await openDirect(ana, bo)
    await using socket = await tablet.connect()
    await ana.call('session.end', { sessionId: payloadOf(tablet.token).sid })
    await socket.untilClosed(effectiveMs)
    const before = (await bo.call('conversation.get', { conversationId: direct })).head
    const request = { conversationId: direct, clientMessageId: 'late', body: 'late' }
    expect((await tablet.attempt('message.send', request)).status).toBe(401)
    expect((await bo.call('conversation.get', { conversationId: direct })).head).toEqual(before)
  })
})

describe('tokens', () => {
  const forged: Readonly<Record<string, () => string | Promise<string>>> = {
    'alg: none': () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payloadOf(ana.token))}.`,
    'no signature': () => `${ana.token.split('.').slice(0, 2).join('.')}.`,
    'a foreign secret': () => {
      const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payloadOf(ana.token))}`
      return `${signed}.${createHmac('sha256', 'guess').update(signed).digest('base64url')}`
    },
    'another’s account under one’s own signature': () => {
      const [head, , signature] = ana.token.split('.')
      return `${head}.${encode({ ...payloadOf(ana.token), aid: bo.id })}.${signature}`
    },
    'a refresh token': () => ana.refreshToken,
    'no token at all': () => 'x',
    'a token that is huge': () => 'x'.repeat(4_096),
  }
  test.each(Object.keys(forged))('A3: %s opens neither socket nor HTTP', async kind => {
    const token = (await forged[kind]?.()) ?? ''
    await using socket = await SocketClient.open(server.url)
    await expect(socket.resume(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await socket.untilClosed()).toBe(4501)
    const response = await fetch(`${server.url}/v1/account.get`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(401)
  })

  test('A3: another server’s token is worth nothing here', async () => {
    await using other = await startServer()
    const [stranger] = await createPeople(other, 1)
    expect((await stranger.attempt('account.get', {})).status).toBe(200)
    await using socket = await SocketClient.open(server.url)
    await expect(socket.resume(stranger.token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  test('A3: an expired token does not open a socket, and one that expires closes it for a fresh one', async () => {
    const expired = await issue({ secondsLeft: -1 })
    await using late = await SocketClient.open(server.url)
    await expect(late.resume(expired)).rejects.toMatchObject({ code: 'token-expired' })
    expect(await late.untilClosed()).toBe(4010)
    await using socket = await SocketClient.open(server.url)
    await using renewed = await SocketClient.open(server.url)
    const brief = await issue({ secondsLeft: 10 })
    await socket.resume(brief)
    await renewed.resume(brief)
    await renewed.resume(ana.token)
    expect(await socket.untilClosed(10_000 + effectiveMs)).toBe(4010)
    await renewed.settle()
  }, 60_000)

  test('A3: a socket that resumed stays with its account', async () => {
    await using socket = await ana.connect()
    await expect(socket.resume(bo.token)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await socket.untilClosed()).toBe(4501)
  })

  test('A3: two resumes at once with two accounts are one account', async () => {
    await using socket = await SocketClient.open(server.url)
    const first = socket.post('session.resume', { token: ana.token })
    socket.post('session.resume', { token: bo.token })
    await socket.until(() => socket.closed !== null || socket.replies.get(first)).catch(() => undefined)
    expect(await socket.untilClosed()).toBe(4501)
  })
})

test('A3: a socket that does not resume gets nothing and is closed in time', async () => {
  const asked = [
    ['conversation.list', {}, 'unauthenticated'],
    ['account.create', { username: 'x', displayName: 'x', password: 'long enough' }, 'unknown-operation'],
  ] as const
  await using other = await SocketClient.open(server.url)
  for (const [op, data, code] of asked) expect(await other.request(op, data)).toMatchObject({ problem: { code } })
  expect(await silent.untilClosed(15_000)).toBe(4003)
  expect(silent.pushed).toEqual([])
})

/** A token of this server's own making, for the session that `ana` has. */
async function issue({ secondsLeft }: { readonly secondsLeft: number }): Promise<string> {
  const secret = await server.running.context.store.accounts.loadSecret('access-token', new Uint8Array(32))
  const { iat: _, exp: __, ...claims } = payloadOf(ana.token)
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(Math.floor(Date.now() / 1000) - 60)
    .setExpirationTime(Math.floor(Date.now() / 1000) + secondsLeft)
    .sign(secret)
}
