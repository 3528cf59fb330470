import { bearer, type HttpTestServer, signUp, startHttpServer } from '@recado/testkit'
import { expect, test } from 'vitest'

const password = 'correct horse'
const previousTokenMs = 60_000

async function countRows(server: HttpTestServer): Promise<Record<string, number>> {
  const { rows } = await server.pool.query(`
    select (select count(*) from accounts) as accounts, (select count(*) from sessions) as sessions,
      (select count(*) from events) as events, (select count(*) from commits) as commits`)
  return rows[0]
}

test('A1: signing up signs in; the first is the administrator and others are not', async () => {
  await using server = await startHttpServer()
  const input = { username: 'Ana', displayName: 'Ana M.', password, email: 'ana@example.org', language: 'pt-BR' }
  const { status, headers, body } = await server.post('/v1/account.create', input)
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body.account).toMatchObject({ username: 'Ana', displayName: 'Ana M.', role: 'administrator', phone: null })
  expect(JSON.stringify(body)).not.toContain(password)
  expect((await server.post('/v1/account.get', {}, bearer(body.accessToken))).body).toEqual(body.account)
  expect((await signUp(server, 'bia')).account.role).toBe('member')
  const { rows } = await server.pool.query(
    'select stream_id, kind, target from events where stream_id = $1 order by sequence',
    [body.account.id],
  )
  expect(rows.map(row => [row.kind, row.target])).toEqual([
    ['account.created', null],
    ['session.created', body.sessionId],
  ])
})

test('A1: of two that sign up first at the same instant one is the administrator', async () => {
  await using server = await startHttpServer()
  const grants = await Promise.all([signUp(server, 'ana'), signUp(server, 'bia')])
  expect(grants.map(grant => grant.account.role).sort()).toEqual(['administrator', 'member'])
})

test('A1: what is taken or malformed is refused field by field, and nothing is written', async () => {
  await using server = await startHttpServer()
  const ana = { username: 'ana', displayName: 'Ana', password, email: 'ana@example.org' }
  expect((await server.post('/v1/account.create', ana)).status).toBe(200)
  const before = await countRows(server)
  const refusals: [object, number, string, string[]][] = [
    [{ ...ana, username: 'ANA' }, 409, 'username-taken', []],
    [{ ...ana, username: 'bia', email: 'ANA@example.org' }, 409, 'email-taken', []],
    [{ ...ana, username: 'a@b' }, 400, 'invalid-input', ['/username']],
    [{ ...ana, username: { $ne: '' } }, 400, 'invalid-input', ['/username']],
    [{ ...ana, username: 'bia', password: 'short' }, 400, 'invalid-input', ['/password']],
    [{ username: 'bia' }, 400, 'invalid-input', ['/password', '/displayName']],
    [{ ...ana, username: 'bia', role: 'administrator' }, 400, 'invalid-input', ['/role']],
    [{ ...ana, username: 'a\u0000' }, 400, 'invalid-input', ['/username']],
  ]
  for (const [input, status, code, fields] of refusals) {
    const answer = await server.post('/v1/account.create', input)
    expect([answer.status, answer.body.code], JSON.stringify(input)).toEqual([status, code])
    expect((answer.body.errors ?? []).map((error: { path: string }) => error.path)).toEqual(fields)
  }
  expect(await countRows(server)).toEqual(before)
})

test('A2: one signs in by username or e-mail address; unknown and wrong are answered alike', async () => {
  await using server = await startHttpServer()
  const ana = { username: 'ana', displayName: 'Ana', password, email: 'ana@example.org' }
  await server.post('/v1/account.create', ana)
  for (const login of ['ana', 'ANA', 'Ana@Example.org']) {
    const { status, body } = await server.post('/v1/session.create', { login, password, device: 'Phone' })
    expect([status, body.account?.username]).toEqual([200, 'ana'])
  }
  const before = await countRows(server)
  const wrong = await server.post('/v1/session.create', { login: 'ana', password: 'correct horsf' })
  const unknown = await server.post('/v1/session.create', { login: 'nobody', password })
  expect(wrong.status).toBe(401)
  expect(wrong.body.code).toBe('wrong-credentials')
  expect(unknown).toEqual({ ...wrong, headers: expect.anything() })
  const shape = (headers: Headers) => [...headers.keys()].sort()
  expect(shape(unknown.headers)).toEqual(shape(wrong.headers))
  expect(await countRows(server)).toEqual(before)
})

test('sign-ins are limited by name, and the answer says how long to wait', async () => {
  await using server = await startHttpServer({ rateLimits: 'on' })
  await signUp(server, 'ana')
  // A name gets an attempt back every six seconds, and hashing takes its time.
  Object.assign(server.context.passwords, { verify: async (_: unknown, given: string) => given === password })
  const attempt = (login: string, given: string) => server.post('/v1/session.create', { login, password: given })
  for (let i = 0; i < 20; i++) expect((await attempt('ana', 'wrong')).status).toBe(401)
  const refused = await attempt('ana', password)
  expect(refused.status).toBe(429)
  expect(refused.body).toMatchObject({ code: 'rate-limited', retry: 'after' })
  expect(refused.body.retryAfterMs).toBeGreaterThan(0)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  server.time.aheadMs += 6_000
  expect((await attempt('ana', password)).status).toBe(200)
})

test('A3: a refresh token gives the next; the previous gives the same successor for a minute', async () => {
  await using server = await startHttpServer()
  const grant = await signUp(server)
  const refresh = (refreshToken: string) => server.post('/v1/session.refresh', { refreshToken })
  const next = await refresh(grant.refreshToken)
  expect(next.status).toBe(200)
  expect(next.body.refreshToken).not.toBe(grant.refreshToken)
  expect(next.body.sessionId).toBe(grant.sessionId)
  server.time.aheadMs += previousTokenMs - 20_000
  const repeated = await refresh(grant.refreshToken)
  expect([repeated.status, repeated.body.refreshToken]).toEqual([200, next.body.refreshToken])
  expect((await server.post('/v1/account.get', {}, bearer(next.body.accessToken))).status).toBe(200)
})

test('A3: two refreshes with one token at the same instant give the same successor', async () => {
  await using server = await startHttpServer()
  const { refreshToken } = await signUp(server)
  const answers = await Promise.all([1, 2, 3, 4].map(() => server.post('/v1/session.refresh', { refreshToken })))
  expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200])
  expect(new Set(answers.map(answer => answer.body.refreshToken)).size).toBe(1)
})

test('A3: a refresh token that was replaced more than a minute ago ends the session', async () => {
  await using server = await startHttpServer()
  const grant = await signUp(server)
  const next = await server.post('/v1/session.refresh', { refreshToken: grant.refreshToken })
  server.time.aheadMs += previousTokenMs + 1_000
  const reused = await server.post('/v1/session.refresh', { refreshToken: grant.refreshToken })
  expect([reused.status, reused.body.code]).toEqual([401, 'session-ended'])
  const thief = await server.post('/v1/session.refresh', { refreshToken: next.body.refreshToken })
  expect(thief.body.code).toBe('session-ended')
  expect((await server.post('/v1/account.get', {}, bearer(next.body.accessToken))).body.code).toBe('session-ended')
  const { rows } = await server.pool.query("select target from events where kind = 'session.ended'")
  expect(rows).toEqual([{ target: grant.sessionId }])
})

test('A3: a token two generations old ends the session at once, a forged one ends nothing', async () => {
  await using server = await startHttpServer()
  const first = await signUp(server)
  const refresh = (refreshToken: string) => server.post('/v1/session.refresh', { refreshToken })
  const second = (await refresh(first.refreshToken)).body
  const third = (await refresh(second.refreshToken)).body
  const [session = '', generation = ''] = third.refreshToken.split('.')
  const forged = [
    `${session}.1.${'a'.repeat(43)}`,
    `${session}.${Number(generation) + 1}.${third.refreshToken.split('.')[2]}`,
  ]
  for (const token of [...forged, 'x', '999.1.'.padEnd(49, 'a')])
    expect((await refresh(token)).body.code).toBe('unauthenticated')
  expect((await refresh(third.refreshToken)).status).toBe(200)
  expect((await refresh(first.refreshToken)).body.code).toBe('session-ended')
  expect((await refresh(third.refreshToken)).body.code).toBe('session-ended')
})

test('A3: a session that nobody refreshed for three months is over', async () => {
  await using server = await startHttpServer()
  const [ana, bia] = [await signUp(server), await signUp(server)]
  const dayMs = 24 * 60 * 60 * 1000
  server.time.aheadMs += 89 * dayMs
  expect((await server.post('/v1/session.refresh', { refreshToken: ana.refreshToken })).status).toBe(200)
  server.time.aheadMs += 2 * dayMs
  expect((await server.post('/v1/session.refresh', { refreshToken: bia.refreshToken })).body.code).toBe('session-ended')
})

test('A7: one sees one’s sessions, ends one of them, or all others; nobody ends a stranger’s', async () => {
  await using server = await startHttpServer()
  const ana = await signUp(server, 'ana')
  const bia = await signUp(server, 'bia')
  const signIn = async (device: string) =>
    (await server.post('/v1/session.create', { login: 'ana', password, device })).body
  const [phone, laptop] = [await signIn('Phone'), await signIn('Laptop')]
  const asAna = bearer(ana.accessToken)
  const list = async () => (await server.post('/v1/session.list', {}, asAna)).body.items
  expect(
    (await list()).map((session: { device: string; current: boolean }) => [session.device, session.current]),
  ).toEqual([
    ['Laptop', false],
    ['Phone', false],
    ['', true],
  ])
  const before = await countRows(server)
  const stranger = await server.post('/v1/session.end', { sessionId: phone.sessionId }, bearer(bia.accessToken))
  expect([stranger.status, stranger.body.code]).toEqual([404, 'not-found'])
  expect((await server.post('/v1/session.end', { sessionId: 999_999 }, asAna)).body).toEqual(stranger.body)
  expect((await countRows(server)).events).toBe(before.events)
  expect((await server.post('/v1/session.end', { sessionId: phone.sessionId }, asAna)).status).toBe(200)
  expect((await server.post('/v1/session.end', { sessionId: phone.sessionId }, asAna)).status, 'again').toBe(200)
  expect((await server.post('/v1/account.get', {}, bearer(phone.accessToken))).body.code).toBe('session-ended')
  expect((await server.post('/v1/session.endOthers', {}, asAna)).body).toEqual({ ended: 1 })
  expect((await server.post('/v1/account.get', {}, bearer(laptop.accessToken))).body.code).toBe('session-ended')
  expect((await server.post('/v1/account.get', {}, bearer(bia.accessToken))).status).toBe(200)
  expect(await list()).toHaveLength(1)
  expect((await server.post('/v1/session.end', {}, asAna)).status).toBe(200)
  expect((await server.post('/v1/session.list', {}, asAna)).body.code).toBe('session-ended')
})

test('people are found and read; pages follow each other; a cursor that is none is refused', async () => {
  await using server = await startHttpServer()
  const ana = await signUp(server, 'ana')
  for (const name of ['anabel', 'analu', 'bia']) await signUp(server, name)
  const asAna = bearer(ana.accessToken)
  const first = await server.post('/v1/people.search', { query: 'AN', limit: 2 }, asAna)
  expect(first.body.items.map((person: { username: string }) => person.username)).toEqual(['ana', 'anabel'])
  const second = await server.post('/v1/people.search', { query: 'AN', limit: 2, next: first.body.next }, asAna)
  expect(second.body.items.map((person: { username: string }) => person.username)).toEqual(['analu'])
  expect(second.body.next).toBeNull()
  for (const next of ['x', '-1', '1e3', '99999999999999999999']) {
    const refused = await server.post('/v1/people.search', { query: 'an', next }, asAna)
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, '/next'])
  }
  const read = await server.post('/v1/people.get', { accountIds: [ana.account.id, 999_999] }, asAna)
  expect(read.body.items).toEqual([{ id: ana.account.id, username: 'ana', displayName: 'ana', lastSeenAt: null }])
  expect((await server.post('/v1/people.search', { query: 'an' })).status).toBe(401)
})
