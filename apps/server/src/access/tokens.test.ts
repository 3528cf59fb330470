import { randomBytes } from 'node:crypto'
import type { AccountId, SessionId } from '@recado/protocol'
import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'
import type { RefreshState } from '../store/accounts.ts'
import { createTokens } from './tokens.ts'

const accessSecret = randomBytes(32)
const refreshSecret = randomBytes(32)
const ana = { id: 7 as AccountId, username: 'ana' }
const sessionId = 9 as SessionId
const startMs = 1_800_000_000_000

function tokensAt(clock: Clock) {
  const secrets = { loadSecret: async (name: string) => (name === 'access-token' ? accessSecret : refreshSecret) }
  return createTokens({ clock, accessTokenSeconds: 60, secrets })
}

function movableClock() {
  const time = { now: startMs }
  return { time, clock: { ...systemClock, now: () => time.now } }
}

test('a token proves its account and session until it expires', async () => {
  const { time, clock } = movableClock()
  const tokens = await tokensAt(clock)
  const { accessToken, expiresAt } = await tokens.issue(ana, sessionId)
  expect(expiresAt).toBe(new Date(startMs + 60_000).toISOString())
  time.now = startMs + 59_000
  expect(await tokens.verify(accessToken)).toEqual({ accountId: 7, sessionId: 9, expiresAtMs: startMs + 60_000 })
  time.now = startMs + 60_000
  await expect(tokens.verify(accessToken)).rejects.toMatchObject({ problem: { code: 'token-expired', status: 401 } })
})

test('nothing but a token that this server signed is accepted', async () => {
  const { clock } = movableClock()
  const tokens = await tokensAt(clock)
  const claims = { aid: 7, sid: 9, sub: 'ana', exp: startMs / 1000 + 60 }
  const sign = (alg: string, secret: Uint8Array, payload: object = claims) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(secret)
  const good = await sign('HS256', accessSecret)
  expect(await tokens.verify(good)).toMatchObject({ accountId: 7 })
  const [header = '', payload = '', signature = ''] = good.split('.')
  const other = Buffer.from(JSON.stringify({ ...claims, aid: 8 })).toString('base64url')
  const forged: Record<string, string> = {
    'alg none': new UnsecuredJWT(claims).encode(),
    'alg none with a signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`,
    'another algorithm': await sign('HS512', accessSecret),
    'another secret': await sign('HS256', randomBytes(32)),
    'changed payload': `${header}.${other}.${signature}`,
    'no signature': `${header}.${payload}.`,
    'no account': await sign('HS256', accessSecret, { ...claims, aid: undefined }),
    'an account that is no id': await sign('HS256', accessSecret, { ...claims, aid: '7' }),
    'no expiry': await sign('HS256', accessSecret, { ...claims, exp: undefined }),
    'not a token': 'token',
    empty: '',
    huge: 'a.'.repeat(100_000),
    'an encrypted one': 'a.b.c.d.e',
  }
  for (const [name, token] of Object.entries(forged)) {
    await expect(tokens.verify(token), name).rejects.toMatchObject({ problem: { code: 'unauthenticated' } })
  }
})

test('a refresh token is the same each time it is derived, and only genuine for its own session and server', async () => {
  const tokens = await tokensAt(systemClock)
  const seed = randomBytes(16)
  const session: RefreshState = { sessionId, accountId: ana.id, seed, generation: 3, rotatedMicros: 0, ended: false }
  const token = tokens.refreshToken(session)
  expect(tokens.refreshToken(session)).toBe(token)
  const claim = tokens.parseRefreshToken(token)
  if (claim === null) throw new Error('a genuine token was not parsed')
  expect(claim).toMatchObject({ sessionId: 9, generation: 3 })
  expect(tokens.isGenuine(claim, session)).toBe(true)
  expect(tokens.isGenuine(claim, { ...session, generation: 4 })).toBe(true)
  expect(tokens.isGenuine({ ...claim, generation: 2 }, session)).toBe(false)
  expect(tokens.isGenuine(claim, { ...session, seed: randomBytes(16) })).toBe(false)
  expect(tokens.isGenuine(claim, { ...session, generation: 2 }), 'from a history that was restored').toBe(false)
})

test('what was never a refresh token is not parsed', async () => {
  const tokens = await tokensAt(systemClock)
  const mac = 'a'.repeat(43)
  expect(tokens.parseRefreshToken(`1.1.${mac}`)).not.toBeNull()
  for (const odd of [
    '',
    '1.1.',
    `0.1.${mac}`,
    `1.-1.${mac}`,
    `1e3.1.${mac}`,
    `9999999999999999.1.${mac}`,
    `1.1.${mac}a`,
  ]) {
    expect(tokens.parseRefreshToken(odd), odd).toBeNull()
  }
})
