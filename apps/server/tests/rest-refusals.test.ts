/** The REST mail API: what every path outside `/v1/` and the web app has in common (M9). */
import { connect } from 'node:net'
import { startHttpServer, startServer, type TestServer } from '@recado/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, form, json, RestUser } from './rest-client.ts'

let server: TestServer
let user: RestUser
const friend = 'https://intranet.example.org'
beforeAll(async () => {
  server = await startServer({ env: { RECADO_ALLOWED_ORIGINS: friend } })
  user = await RestUser.create(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const guarded: readonly (readonly [string, string])[] = [
  ['GET', '/users/'],
  ['POST', '/messages/'],
  ['GET', '/messages/inbox/'],
  ['GET', '/messages/outbox/'],
  ['PUT', '/messages/1/read'],
  ['PUT', '/messages/x/read'],
]

describe.each(guarded)('%s %s', (method, path) => {
  test.each<[string, Record<string, string>]>([
    ['no Authorization', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a token without a scheme', { authorization: 'abc' }],
  ])('with %s', async (_, headers) => {
    const answer = await ask(server, path, { method, headers })
    expect([answer.status, answer.body]).toEqual([401, { detail: 'Not authenticated' }])
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('with a bad, forged or revoked token', async () => {
    const other = await RestUser.create(server)
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${other.token}` }
    await ask(server, '/v1/session.end', { method: 'POST', headers, body: '{}' })
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const forged = `${none}.${user.token.split('.')[1]}.`
    for (const token of ['', 'x', forged, `${user.token}x`, other.token]) {
      const answer = await ask(server, path, { method, headers: { authorization: `Bearer ${token}` } })
      expect([answer.status, answer.body]).toEqual([401, { detail: 'Não foi possível validar as credenciais' }])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })
})

test('the scheme may be written in any case', async () => {
  expect((await ask(server, '/users/', { headers: { authorization: `bearer ${user.token}` } })).status).toBe(200)
})

test('an unknown path is not found, whatever the method and the body', async () => {
  const attempts: [string, RequestInit][] = [
    ['/nada', {}],
    ['/messages/inbox/1', {}],
    ['/users/1', {}],
    ['/messages/1/read/again', { method: 'PUT' }],
    ['/nada', json({})],
    ['/nada', form({ a: 'b' })],
    ['/nada', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b' } }],
    ['/%zz', {}],
    ['/ws/', {}],
  ]
  for (const [path, init] of attempts) {
    const answer = await ask(server, path, init)
    expect([answer.status, answer.body], `${init.method} ${path}`).toEqual([404, { detail: 'Not Found' }])
  }
})

test('a wrong method is answered with those that are right', async () => {
  const attempts: [string, string, string[]][] = [
    ['GET', '/token', ['POST']],
    ['DELETE', '/users/', ['GET', 'HEAD', 'POST']],
    ['PUT', '/messages/', ['POST']],
    ['POST', '/messages/inbox/', ['GET', 'HEAD']],
    ['PATCH', '/messages/outbox/', ['GET', 'HEAD']],
    ['GET', '/messages/5/read', ['PUT']],
    ['POST', '/docs', ['GET', 'HEAD']],
    ['OPTIONS', '/openapi.json', ['GET', 'HEAD']],
  ]
  for (const [method, path, expected] of attempts) {
    const answer = await ask(server, path, { method, headers: { authorization: `Bearer ${user.token}` } })
    expect([answer.status, answer.body], `${method} ${path}`).toEqual([405, { detail: 'Method Not Allowed' }])
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(expected)
  }
})

test('a missing or extra slash leads to the canonical path, with the query, and clients that follow get there', async () => {
  const attempts: [string, string, string][] = [
    ['POST', '/token/', '/token'],
    ['GET', '/users?limit=1', '/users/?limit=1'],
    ['POST', '/users', '/users/'],
    ['POST', '/messages', '/messages/'],
    ['GET', '/messages/inbox', '/messages/inbox/'],
    ['GET', '/messages/outbox', '/messages/outbox/'],
    ['PUT', '/messages/5/read/', '/messages/5/read'],
    ['GET', '/docs/', '/docs'],
    ['GET', '/openapi.json/', '/openapi.json'],
  ]
  for (const [method, path, target] of attempts) {
    const body = method === 'GET' ? {} : json({}, method)
    const answer = await ask(server, path, { ...body, method })
    expect([answer.status, answer.headers.get('location')], `${method} ${path}`).toEqual([307, target])
  }
  const sent = await user.ask('/messages', {
    ...json({ recipient_id: user.id, title: 'a', body: 'b' }),
    redirect: 'follow',
  })
  expect([sent.status, sent.body.title]).toEqual([200, 'a'])
})

test('no path of this API leads out of the server', async () => {
  const socket = connect(Number(new URL(server.url).port), 'localhost')
  const answer = Promise.withResolvers<string>()
  socket.once('data', data => answer.resolve(data.toString()))
  socket.write('GET //evil.example/docs/ HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(await answer.promise).toMatch(/^HTTP\/1.1 404/)
  socket.destroy()
})

test('passwords in an address never reach a log', async () => {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  await using loud = await startHttpServer({ logger: pino({ level: 'trace' }, destination) })
  for (const path of ['/token', '/token/', '/tokens', '/users']) {
    await ask(loud, `${path}?username=ana&password=segredissimo`, { method: 'POST' })
  }
  await expect.poll(() => lines.join('')).toContain('"route":"/token"')
  expect(lines.join('')).not.toContain('segredissimo')
})

describe('pages of other origins', () => {
  const preflight = (origin: string, path = '/messages/') =>
    ask(server, path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, x-a',
      },
    })

  test('of the configured and the server’s own origin may call, with credentials', async () => {
    for (const origin of [friend, server.url]) {
      const asked = await preflight(origin)
      expect(asked.status).toBe(200)
      expect(asked.headers.get('access-control-allow-origin')).toBe(origin)
      expect(asked.headers.get('access-control-allow-credentials')).toBe('true')
      expect(asked.headers.get('access-control-allow-methods')).toContain('PUT')
      expect(asked.headers.get('access-control-allow-headers')).toBe('authorization, x-a')
      const answers = [
        await user.ask('/users/', { headers: { origin } }),
        await ask(server, '/users/', { headers: { origin } }),
        await ask(server, '/nada', { headers: { origin } }),
        await ask(server, '/users', { headers: { origin } }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 307])
      for (const { headers } of answers) {
        expect(headers.get('access-control-allow-origin')).toBe(origin)
        expect(headers.get('access-control-allow-credentials')).toBe('true')
        expect(headers.get('vary')).toMatch(/Origin/i)
        expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
      }
    }
  })

  test('of any other are refused by the preflight and never told that they may read', async () => {
    for (const origin of ['https://evil.example', 'null', `${friend}.evil.example`, 'file://']) {
      for (const path of ['/messages/', '/token', '/users/', '/messages/5/read']) {
        const asked = await preflight(origin, path)
        expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([400, null])
      }
      const answer = await user.ask('/users/', { headers: { origin } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
  })
})
