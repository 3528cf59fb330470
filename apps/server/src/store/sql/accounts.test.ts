import type { AccountId } from '@recado/protocol'
import { createTestDatabase, silentLogger } from '@recado/testkit'
import type { Pool, PoolClient } from 'pg'
import { expect, test } from 'vitest'
import type { NewAccount } from '../accounts.ts'
import { createPool } from '../pool.ts'
import { createAccountStore, createAccountWrites } from './accounts.ts'

async function openStore() {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const pool = createPool({
    address: database.address,
    applicationName: 'test',
    maxConnections: 4,
    statementTimeoutMs: 0,
    logger: silentLogger,
  })
  owned.defer(() => pool.end())
  const open = owned.move()
  return { pool, store: createAccountStore(pool), [Symbol.asyncDispose]: () => open.disposeAsync() }
}

function someone(username: string, rest: Partial<NewAccount> = {}): NewAccount {
  const unset = { displayName: username, email: null, phone: null, language: null, passwordHash: 'hash' }
  return { ...unset, username, ...rest }
}

async function add(pool: Pool, account: NewAccount) {
  const inserted = await createAccountWrites(pool).insertAccount(account)
  if ('taken' in inserted) throw new Error(`${inserted.taken} is taken`)
  return inserted.account
}

test('the first account is the administrator, also when two sign up at the same instant', async () => {
  await using opened = await openStore()
  const [one, other] = await Promise.all([opened.pool.connect(), opened.pool.connect()])
  const signUp = async (client: PoolClient, name: string) => {
    await client.query('begin')
    const inserted = await createAccountWrites(client).insertAccount(someone(name))
    await client.query('commit')
    client.release()
    return 'account' in inserted ? inserted.account.role : null
  }
  const roles = await Promise.all([signUp(one, 'ana'), signUp(other, 'bia')])
  expect(roles.sort()).toEqual(['administrator', 'member'])
  expect((await add(opened.pool, someone('caio'))).role).toBe('member')
})

test('a username is taken in every spelling that looks the same, an e-mail address too; another is free', async () => {
  await using opened = await openStore()
  const writes = createAccountWrites(opened.pool)
  await add(opened.pool, someone('Straße', { email: 'Ana@Example.org' }))
  for (const same of ['straße', 'STRASSE', 'Ｓtraße', 'stra\u00adße']) {
    expect(await writes.insertAccount(someone(same)), same).toEqual({ taken: 'username' })
  }
  expect(await writes.insertAccount(someone('ana', { email: 'aNA@example.ORG' }))).toEqual({ taken: 'email' })
  expect(await writes.insertAccount(someone('strase', { email: 'ana@example.com' }))).toHaveProperty('account')
})

test('credentials are found by username and by e-mail address, whatever the case', async () => {
  await using opened = await openStore()
  const ana = await add(opened.pool, someone('Ana', { email: 'ana@example.org', passwordHash: 'secret' }))
  expect(await opened.store.findCredentials('ANA')).toEqual({ account: ana, passwordHash: 'secret' })
  expect(await opened.store.findCredentials('Ana@Example.Org')).toEqual({ account: ana, passwordHash: 'secret' })
  expect(await opened.store.findCredentials('bia')).toBeNull()
  expect(await opened.store.findCredentials('ana@example.com')).toBeNull()
})

test('people are found by the beginning of any word of name, username and address, without accents', async () => {
  await using opened = await openStore()
  const { pool, store } = opened
  await add(pool, someone('jc', { displayName: 'João da Conceição', email: 'joao.c@mail.example.org' }))
  await add(pool, someone('joana', { displayName: 'Joana Prado' }))
  await add(pool, someone("o'neil", { displayName: '日本 太郎 🌻' }))
  const find = async (query: string) => (await store.searchPeople(query, null, 10)).map(person => person.username)
  expect(await find('joa')).toEqual(['joana', 'jc'])
  expect(await find('CONCEICAO joao')).toEqual(['jc'])
  expect(await find('joao.c@mail')).toEqual(['jc'])
  expect(await find('jc')).toEqual(['jc'])
  expect(await find('太')).toEqual(["o'neil"])
  expect(await find("O'Nei")).toEqual(["o'neil"])
  expect(await find('🌻')).toEqual(["o'neil"])
  expect(await find('oao')).toEqual([])
  expect(await find('')).toEqual(['joana', 'jc', "o'neil"])
  for (const hostile of ["'", '& | ! ( )', ':*', '\\', "a':* | 'b", '@', '%', '\\x']) await find(hostile)
})

test('pages of people follow each other without gap or repetition, equal names included', async () => {
  await using opened = await openStore()
  for (let i = 0; i < 25; i++) await add(opened.pool, someone(`ana${i}`, { displayName: i % 2 ? 'Ana' : `Ana ${i}` }))
  const all = await opened.store.searchPeople('ana', null, 100)
  const paged: number[] = []
  for (let after: AccountId | null = null; ; ) {
    const page = await opened.store.searchPeople('ana', after, 4)
    paged.push(...page.map(person => person.id))
    after = page.at(-1)?.id ?? null
    if (page.length < 4) break
  }
  expect(all).toHaveLength(25)
  expect(paged).toEqual(all.map(person => person.id))
})

test('names at every limit fit the indexes', async () => {
  await using opened = await openStore()
  const displayName = '\ufdfa'.repeat(100)
  await add(opened.pool, someone('x'.repeat(255), { displayName, email: `${'é'.repeat(64)}@${'ü'.repeat(180)}` }))
  expect(await opened.store.searchPeople('x'.repeat(255), null, 1)).toHaveLength(1)
})

test('a session lives until it is ended, and only its own account can end it', async () => {
  await using opened = await openStore()
  const { pool, store } = opened
  const writes = createAccountWrites(pool)
  const [ana, bia] = [await add(pool, someone('ana')), await add(pool, someone('bia'))]
  const { sessionId } = await writes.insertSession({ accountId: ana.id, device: 'Phone' })
  expect(await store.isSessionLive(ana.id, sessionId)).toBe(true)
  expect(await store.isSessionLive(bia.id, sessionId)).toBe(false)
  expect(await writes.endSessions(bia.id, { only: sessionId })).toEqual([])
  expect(await store.isSessionLive(ana.id, sessionId)).toBe(true)
  expect(await writes.endSessions(ana.id, { only: sessionId })).toEqual([sessionId])
  expect(await writes.endSessions(ana.id, { only: sessionId })).toEqual([])
  expect(await store.isSessionLive(ana.id, sessionId)).toBe(false)
  expect((await store.findRefreshState(sessionId))?.ended).toBe(true)
})

test('all other sessions end, or the oldest above a number', async () => {
  await using opened = await openStore()
  const { pool, store } = opened
  const writes = createAccountWrites(pool)
  const ana = await add(pool, someone('ana'))
  const open = async () => (await writes.insertSession({ accountId: ana.id, device: '' })).sessionId
  const [one, two, three] = [await open(), await open(), await open()]
  expect(await writes.endSessions(ana.id, { newestKept: 2 })).toEqual([one])
  expect(await writes.endSessions(ana.id, { except: two })).toEqual([three])
  const sessions = await store.listSessions(ana.id, two)
  expect(sessions.map(session => [session.id, session.current])).toEqual([[two, true]])
})

test('of two refreshes at once one moves the chain on', async () => {
  await using opened = await openStore()
  const ana = await add(opened.pool, someone('ana'))
  const { sessionId } = await createAccountWrites(opened.pool).insertSession({ accountId: ana.id, device: '' })
  const rotate = () => opened.store.rotateSession(sessionId, 1, 5_000_000)
  expect((await Promise.all([rotate(), rotate()])).sort()).toEqual([false, true])
  expect(await opened.store.findRefreshState(sessionId)).toMatchObject({ generation: 2, rotatedMicros: 5_000_000 })
})

test('L9: last seen is written for many at once and never moves back', async () => {
  await using opened = await openStore()
  const [ana, bia] = [await add(opened.pool, someone('ana')), await add(opened.pool, someone('bia'))]
  const record = (micros: number, ...accounts: AccountId[]) =>
    opened.store.recordLastSeen(accounts.map(accountId => ({ accountId, micros })))
  await Promise.all([record(2_000_000, ana.id, bia.id), record(1_000_000, bia.id, ana.id, ana.id)])
  await record(1_500_000, ana.id)
  const people = await opened.store.findPeople([bia.id, ana.id])
  expect(people.map(person => person.lastSeenAt)).toEqual(Array(2).fill('1970-01-01T00:00:02.000Z'))
})

test('a secret is made once: every node reads the same', async () => {
  await using opened = await openStore()
  const load = (byte: number) => opened.store.loadSecret('access-token', new Uint8Array(32).fill(byte))
  const [one, other] = await Promise.all([load(1), load(2)])
  expect(Buffer.compare(one, other)).toBe(0)
  expect(Buffer.compare(await load(3), one)).toBe(0)
  expect(one).toHaveLength(32)
})
