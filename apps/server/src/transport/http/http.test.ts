import { connect } from 'node:net'
import { finished } from 'node:stream/promises'
import { limits } from '@recado/protocol'
import { bearer, type HttpTestServer, readAnswer, signUp, startHttpServer } from '@recado/testkit'
import { expect, test } from 'vitest'

async function get(server: HttpTestServer, path: string, init: RequestInit = {}) {
  return readAnswer(await fetch(server.url + path, { redirect: 'manual', ...init }))
}

/** What no HTTP library would send. */
async function sendRaw(server: HttpTestServer, lines: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk
  })
  socket.end(lines.replaceAll('\n', '\r\n'))
  // A server that hangs up on the rest of a request resets the connection: what came before counts.
  await finished(socket).catch(() => undefined)
  return answer
}

test('every refusal under /v1/ is a problem, also those of the router', async () => {
  await using server = await startHttpServer()
  const { accessToken } = await signUp(server)
  const auth = bearer(accessToken)
  const send = (path: string, method: string, body?: string, headers: Record<string, string> = {}) =>
    get(server, path, { method, headers: { ...auth, ...headers }, ...(body === undefined ? {} : { body }) })
  const json = { 'content-type': 'application/json' }
  const refusals = [
    [await send('/v1/account.get', 'GET'), 405, 'method-not-allowed'],
    [await send('/v1/account.get', 'DELETE'), 405, 'method-not-allowed'],
    [await send('/v1/nothing', 'GET'), 404, 'unknown-operation'],
    [await send('/v1/nothing', 'POST'), 404, 'unknown-operation'],
    [await send('/v1/toString', 'POST'), 404, 'unknown-operation'],
    [await send('/v1/__proto__', 'POST'), 404, 'unknown-operation'],
    [await send('/v1/session.resume', 'POST', '{}', json), 404, 'unknown-operation'],
    [await send('/v1/account.get/more', 'POST'), 404, 'unknown-operation'],
    [await send('/v1/%zz', 'POST'), 404, 'unknown-operation'],
    [await send(`/v1/${'x'.repeat(5000)}`, 'POST'), 404, 'unknown-operation'],
    [await send('/v1/account.get', 'POST', '{}', { 'content-type': 'text/plain' }), 415, 'unsupported-type'],
    [
      await send('/v1/account.get', 'POST', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported-type',
    ],
    [await send('/v1/account.get', 'POST', '{', json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', 'null', json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', '[]', json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', '{"a":1}', json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', '{"__proto__":{"a":1}}', json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, json), 400, 'invalid-input'],
    [await send('/v1/account.get', 'POST', ' '.repeat(limits.requestBytes + 1), json), 413, 'too-large'],
  ] as const
  for (const [answer, status, code] of refusals) {
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.body).toMatchObject({ type: `urn:recado:problem:${code}`, status, retry: 'never' })
  }
  expect((await send('/v1/account.get', 'GET')).headers.get('allow')).toBe('POST')
  expect(
    (await send('/v1/account.get', 'POST', '{}', { 'content-type': 'application/json; charset=utf-8' })).status,
  ).toBe(200)
  expect((await send('/v1/account.get', 'POST')).status, 'no body is an empty one').toBe(200)
})

test('bytes that are no UTF-8 and requests that are no HTTP are refused, and the server goes on', async () => {
  await using server = await startHttpServer()
  const { accessToken } = await signUp(server)
  const broken = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])
  expect((await server.post('/v1/account.get', broken, bearer(accessToken))).body.code).toBe('invalid-input')
  expect(await sendRaw(server, 'GARBAGE\n\n')).toMatch(/^HTTP\/1.1 400/)
  expect(await sendRaw(server, `GET / HTTP/1.1\nHost: x\nX: ${'a'.repeat(100_000)}\n\n`)).toMatch(/^HTTP\/1.1 431/)
  const smuggled = 'POST /v1/account.get HTTP/1.1\nHost: x\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n'
  expect(await sendRaw(server, smuggled)).toMatch(/^HTTP\/1.1 400/)
  expect((await server.post('/v1/account.get', {}, bearer(accessToken))).status).toBe(200)
})

test('A3: without a good token nothing is answered', async () => {
  await using server = await startHttpServer()
  const { accessToken } = await signUp(server)
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  const forged = `${none}.${accessToken.split('.')[1]}.`
  const attempts: [Record<string, string>, string][] = [
    [{}, 'unauthenticated'],
    [{ authorization: '' }, 'unauthenticated'],
    [{ authorization: accessToken }, 'unauthenticated'],
    [{ authorization: `Basic ${accessToken}` }, 'unauthenticated'],
    [bearer('x'), 'unauthenticated'],
    [bearer(forged), 'unauthenticated'],
    [bearer(`${accessToken}x`), 'unauthenticated'],
  ]
  for (const [headers, code] of attempts) {
    const answer = await server.post('/v1/account.get', {}, headers)
    expect([answer.status, answer.body.code, answer.headers.get('www-authenticate')]).toEqual([401, code, 'Bearer'])
  }
  expect((await server.post('/v1/account.get', {}, { authorization: `bearer  ${accessToken}` })).status).toBe(200)
  server.time.aheadMs += 1_800_000
  expect((await server.post('/v1/account.get', {}, bearer(accessToken))).body.code).toBe('token-expired')
  expect((await get(server, '/v1/events', { headers: bearer(accessToken) })).body.code).toBe('token-expired')
})

test('a foreign page is refused before anything is read; one’s own and configured ones are not', async () => {
  await using server = await startHttpServer({
    config: { publicUrl: 'https://chat.example.org', allowedOrigins: ['https://intranet.example.org'] },
  })
  const { accessToken } = await signUp(server)
  const call = (origin: string) => server.post('/v1/account.get', {}, { ...bearer(accessToken), origin })
  for (const own of [server.url, 'https://chat.example.org']) {
    const answer = await call(own)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null])
  }
  for (const foreign of [
    'https://evil.example',
    'null',
    'file://',
    'https://chat.example.org.evil.example',
    'http://chat.example.org',
  ]) {
    const answer = await call(foreign)
    expect([answer.status, answer.body.code], foreign).toEqual([403, 'foreign-origin'])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  }
  const allowed = await call('https://intranet.example.org')
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'https://intranet.example.org',
  ])
  expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
  const preflight = (origin: string) => get(server, '/v1/message.send', { method: 'OPTIONS', headers: { origin } })
  const good = await preflight('https://intranet.example.org')
  expect(good.status).toBe(204)
  expect(good.headers.get('access-control-allow-headers')).toContain('authorization')
  expect((await preflight('https://evil.example')).status).toBe(403)
})

test('browsers get the refresh token as a cookie that scripts cannot read, and nothing in the body', async () => {
  await using server = await startHttpServer()
  const here = { origin: server.url }
  await signUp(server, 'ana')
  const signIn = { login: 'ana', password: 'correct horse', refresh: 'cookie' }
  const answer = await server.post('/v1/session.create', signIn, here)
  expect(answer.body.refreshToken).toBeNull()
  const setCookie = answer.headers.get('set-cookie') ?? ''
  expect(setCookie).toMatch(/^__Host-recado=[^;]+; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  const cookie = setCookie.split(';')[0] ?? ''
  const refreshed = await server.post('/v1/session.refresh', {}, { ...here, cookie })
  expect([refreshed.status, refreshed.body.refreshToken]).toEqual([200, null])
  const next = refreshed.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(next).not.toBe(cookie)
  const ended = await server.post(
    '/v1/session.end',
    {},
    { ...here, ...bearer(refreshed.body.accessToken), cookie: next },
  )
  expect(ended.status).toBe(200)
  expect(ended.headers.get('set-cookie')).toMatch(/^__Host-recado=; .*Expires=Thu, 01 Jan 1970/)
  const over = await server.post('/v1/session.refresh', {}, { ...here, cookie: next })
  expect([over.status, over.body.code]).toEqual([401, 'session-ended'])
  expect(over.headers.get('set-cookie')).toMatch(/^__Host-recado=; /)
  expect((await server.post('/v1/session.refresh', {}, here)).body.code).toBe('unauthenticated')
})

test('where browsers would drop the cookie the token stays in the body; other origins never use cookies', async () => {
  const allowedOrigins = ['https://intranet.example.org']
  await using server = await startHttpServer({ config: { publicUrl: 'http://chat.lan:8080', allowedOrigins } })
  await signUp(server, 'ana')
  const signIn = { login: 'ana', password: 'correct horse', refresh: 'cookie' }
  const plain = await server.post('/v1/session.create', signIn, { origin: 'http://chat.lan:8080' })
  expect([typeof plain.body.refreshToken, plain.headers.get('set-cookie')]).toEqual(['string', null])
  const other = { origin: 'https://intranet.example.org' }
  const refused = await server.post('/v1/session.create', signIn, other)
  expect([refused.status, refused.body.errors[0].path]).toEqual([400, '/refresh'])
  const inBody = await server.post('/v1/session.create', { ...signIn, refresh: 'body' }, other)
  const cookie = `__Host-recado=${inBody.body.refreshToken}`
  expect((await server.post('/v1/session.refresh', {}, { ...other, cookie })).body.code).toBe('unauthenticated')
  const byBody = await server.post('/v1/session.refresh', { refreshToken: inBody.body.refreshToken }, other)
  expect(typeof byBody.body.refreshToken).toBe('string')
})

test('addresses are believed of trusted proxies only', async () => {
  // All at once: an address gets an attempt back every second.
  const attempts = (server: HttpTestServer) =>
    Promise.all(
      Array.from({ length: 130 }, async (_, i) => {
        const address = { 'x-forwarded-for': `203.0.113.${i}` }
        const answer = await server.post('/v1/session.create', { login: `n${i}`, password: 'x' }, address)
        return answer.status
      }),
    )
  // Hashing so many takes as long as an answer may.
  const nobody = { verify: async () => false }
  await using trusting = await startHttpServer({ rateLimits: 'on', config: { trustedProxies: ['127.0.0.1'] } })
  Object.assign(trusting.context.passwords, nobody)
  expect(new Set(await attempts(trusting))).toEqual(new Set([401]))
  await using wary = await startHttpServer({ rateLimits: 'on' })
  Object.assign(wary.context.passwords, nobody)
  expect(new Set(await attempts(wary))).toEqual(new Set([401, 429]))
})
