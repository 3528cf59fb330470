/** The REST mail API: accounts and tokens, each row and sentence of its contract (M9). */
import { createPerson, startServer, type TestServer } from '@recado/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, form, json, password, RestUser } from './rest-client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ env: { ACCESS_TOKEN_EXPIRE_MINUTES: '7' } })
})
afterAll(() => server[Symbol.asyncDispose]())

const places = (body: { detail: { loc: string[] }[] }) => body.detail.map(({ loc }) => loc.join('.'))

describe('POST /users/', () => {
  test('answers with id and name, and nothing more', async () => {
    const answer = await ask(server, '/users/', json({ username: 'ana', password, extra: true }))
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ id: expect.any(Number), username: 'ana' })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('names are unique by NFKC and case folding', async () => {
    await ask(server, '/users/', json({ username: 'Straße ﬁm', password }))
    for (const username of ['Straße ﬁm', 'STRASSE FIM', 'strasse fim', 'ｓｔｒａｓｓｅ ｆｉｍ']) {
      const answer = await ask(server, '/users/', json({ username, password }))
      expect([answer.status, answer.body]).toEqual([400, { detail: 'Nome de usuário já cadastrado' }])
    }
    expect((await ask(server, '/users/', json({ username: 'strasse fím', password }))).status).toBe(200)
  })

  test.each([
    ['one character', { username: 'é', password }],
    ['255 characters, each of four bytes', { username: '😀'.repeat(255), password }],
    ['spaces and signs inside', { username: 'Ana  da Silva, 3ª <b>&"\'\\', password }],
    ['a password of eight characters', { username: 'oito', password: '😀'.repeat(8) }],
    ['a password of 10,000 characters', { username: 'longa', password: 'x'.repeat(10_000) }],
  ])('takes %s, and signs in with it', async (_, account) => {
    const made = await ask(server, '/users/', json(account))
    expect([made.status, made.body.username]).toEqual([200, account.username])
    const token = await ask(server, '/token', form(account))
    expect([token.status, token.body.token_type]).toEqual([200, 'bearer'])
  })

  test.each<[string, RequestInit, string[]]>([
    ['an empty name', json({ username: '', password }), ['body.username']],
    ['256 characters', json({ username: 'x'.repeat(256), password }), ['body.username']],
    ['an @', json({ username: 'ana@example.org', password }), ['body.username']],
    ['an @ of another form', json({ username: 'ana＠example', password }), ['body.username']],
    ['a control character', json({ username: 'a\u0007b', password }), ['body.username']],
    ['a NUL', json({ username: 'a\u0000b', password }), ['body.username']],
    ['half a character', json({ username: 'a\ud800b', password }), ['body.username']],
    ['outer white space', json({ username: ' ana2', password }), ['body.username']],
    ['outer white space behind', json({ username: 'ana2\u3000', password }), ['body.username']],
    ['seven characters', json({ username: 'ana2', password: '1234567' }), ['body.password']],
    ['no password', json({ username: 'ana2' }), ['body.password']],
    ['no name', json({ password }), ['body.username']],
    ['neither', json({}), ['body.username', 'body.password']],
    ['a number for a name', json({ username: 5, password }), ['body.username']],
    ['null', json({ username: null, password }), ['body.username']],
    ['a list', json([]), ['body']],
    ['no body', { method: 'POST' }, ['body']],
    ['no JSON', { ...json({}), body: '{' }, ['body']],
    ['a form', form({ username: 'ana2', password }), ['body']],
  ])('refuses %s as invalid, and says where', async (_, init, expected) => {
    const answer = await ask(server, '/users/', init)
    expect([answer.status, [...new Set(places(answer.body))]]).toEqual([422, expected])
    for (const { msg, type } of answer.body.detail) expect([typeof msg, typeof type]).toEqual(['string', 'string'])
    expect(JSON.stringify(answer.body)).not.toContain(password)
  })
})

describe('POST /token', () => {
  test('takes both kinds of form, and what clients of OAuth add to it', async () => {
    const { username } = await RestUser.create(server)
    const more = { grant_type: 'password', scope: 'a b', client_id: 'x', client_secret: 'y', otp: '' }
    const multipart = new FormData()
    for (const [name, value] of Object.entries({ username, password, ...more })) multipart.set(name, value)
    const attempts: RequestInit[] = [
      form({ username, password }),
      form({ username, password, ...more }),
      form({ username: username.toUpperCase(), password }),
      { method: 'POST', body: multipart },
    ]
    for (const init of attempts) {
      const answer = await ask(server, '/token', init)
      expect([answer.status, answer.body]).toEqual([200, { access_token: expect.any(String), token_type: 'bearer' }])
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    const query = new URLSearchParams({ username, password })
    expect((await ask(server, `/token?${query}`, { method: 'POST' })).status).toBe(200)
  })

  test('the token is a JWT of HS256 that names the user and its end', async () => {
    const user = await RestUser.create(server)
    const [header = '', claims = ''] = user.token.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(read(header)).toMatchObject({ alg: 'HS256' })
    const { sub, exp, iat } = read(claims)
    expect([sub, exp - iat]).toEqual([user.username, 7 * 60])
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60)
  })

  test('one answer for a wrong password, an unknown name and what could be none', async () => {
    const { username } = await RestUser.create(server)
    const wrong = [
      { username, password: 'outra-senha' },
      { username: 'ninguém', password },
      { username: 'x'.repeat(300), password },
      { username: `${username}\u0000`, password },
      { username: `${username}@`, password },
    ]
    for (const fields of wrong) {
      const answer = await ask(server, '/token', form(fields))
      expect([answer.status, answer.body]).toEqual([400, { detail: 'Nome de usuário ou senha incorretos' }])
    }
  })

  test.each<[string, RequestInit, string[]]>([
    ['no password', form({ username: 'ana' }), ['body.password']],
    ['an empty password', form({ username: 'ana', password: '' }), ['body.password']],
    ['no name', form({ password }), ['body.username']],
    ['nothing', { method: 'POST' }, ['body.username', 'body.password']],
    ['JSON', json({ username: 'ana', password }), ['body.username', 'body.password']],
    ['another grant', form({ username: 'ana', password, grant_type: 'refresh_token' }), ['body.grant_type']],
    [
      'a broken multipart body',
      { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      ['body.username', 'body.password'],
    ],
  ])('refuses %s as invalid', async (_, init, expected) => {
    const answer = await ask(server, '/token', init)
    expect([answer.status, places(answer.body)]).toEqual([422, expected])
  })

  test('JSON is refused whatever the address says', async () => {
    const query = new URLSearchParams({ username: 'ana', password })
    expect((await ask(server, `/token?${query}`, json({ username: 'ana', password }))).status).toBe(422)
  })
})

describe('GET /users/', () => {
  test('lists everybody else by id, from anywhere, as many as asked for', async () => {
    const users = [await RestUser.create(server), await RestUser.create(server), await RestUser.create(server)]
    const [caller, second, third] = users as [RestUser, RestUser, RestUser]
    const { body: all } = await caller.ask('/users/?limit=1000')
    const ids: number[] = all.map((user: { id: number }) => user.id)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(ids).not.toContain(caller.id)
    const show = ({ id, username }: RestUser) => ({ id, username })
    expect(all.slice(-2)).toEqual([show(second), show(third)])
    expect((await caller.ask(`/users/?skip=${all.length - 1}`)).body).toEqual([show(third)])
    expect((await caller.ask(`/users/?skip=${all.length - 2}&limit=1`)).body).toEqual([show(second)])
    expect((await caller.ask('/users/?limit=0')).body).toEqual([])
    expect((await caller.ask('/users/?skip=99999999999999999999')).body).toEqual([])
  })

  test('a hundred where nothing is said', async () => {
    const { database } = server
    const { Client } = await import('pg')
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query(`insert into accounts (id, username, username_folded, display_name, sort_name, search_words,
        password_hash, role, created_micros)
      select nextval('stream_ids'), 'muitos' || i, 'muitos' || i, 'muitos', 'muitos', '', '', 'member', 0
        from generate_series(1, 2500) i`)
    await client.end()
    const caller = await RestUser.create(server)
    expect((await caller.ask('/users/')).body).toHaveLength(100)
    const { body } = await caller.ask('/users/?limit=100000')
    expect(body.length).toBeGreaterThan(2_500)
    expect(new Set(body.map((user: { id: number }) => user.id)).size).toBe(body.length)
  })

  test.each([
    ['skip=x', 'skip'],
    ['skip=-1', 'skip'],
    ['skip=1.5', 'skip'],
    ['limit=', 'limit'],
    ['limit=-5', 'limit'],
  ])('refuses ?%s as invalid', async (query, name) => {
    const caller = await RestUser.create(server)
    const answer = await caller.ask(`/users/?${query}`)
    expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['query', name]])
  })
})

test('accounts are the same everywhere: who signed up in the app signs in here, and the reverse', async () => {
  const person = await createPerson(server)
  const token = await ask(server, '/token', form({ username: person.username, password: 'correct horse battery' }))
  expect(token.status).toBe(200)
  const user = await RestUser.create(server)
  const answer = await fetch(`${server.url}/v1/session.create`, json({ login: user.username, password }))
  expect(await answer.json()).toMatchObject({ account: { id: user.id, displayName: user.username } })
  expect((await person.call('people.search', { query: user.username })).items.map(({ id }) => id)).toEqual([user.id])
})
