/**
 * What proves a session. Access tokens are JWTs (RFC 7519, HS256) of a few minutes that name account and session;
 * whoever accepts one also asks whether the session still lives. Refresh tokens are derived and not stored:
 * `session.generation.mac`, the mac over both and the session's own seed, so that asking twice for the successor of a
 * token gives the same one, and one secret in the database serves all nodes.
 */
import { createHmac, randomBytes, timingSafeEqual, type webcrypto } from 'node:crypto'
import type { Account, AccountId, SessionId } from '@recado/protocol'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../clock.ts'
import { Refusal, refuse } from '../problem.ts'
import type { AccountStore, RefreshState } from '../store/accounts.ts'

export interface AccessToken {
  readonly accessToken: string
  readonly expiresAt: string
}

export interface AccessClaims {
  readonly accountId: AccountId
  readonly sessionId: SessionId
  readonly expiresAtMs: number
}

export interface Tokens {
  issue(account: Pick<Account, 'id' | 'username'>, sessionId: SessionId): Promise<AccessToken>
  /** Raises `unauthenticated` and `token-expired`. Whether the session still lives is the caller's question. */
  verify(token: string): Promise<AccessClaims>
  /** The refresh token of the session's newest generation. */
  refreshToken(session: RefreshState): string
  /** The session and generation a refresh token claims; null for what was never one. Nothing is proven yet. */
  parseRefreshToken(token: string): RefreshClaim | null
  /** Whether this server gave out that token for that session. */
  isGenuine(claim: RefreshClaim, session: RefreshState): boolean
}

export interface RefreshClaim {
  readonly sessionId: SessionId
  readonly generation: number
  readonly mac: string
}

interface TokensOptions {
  readonly clock: Clock
  readonly accessTokenSeconds: number
  readonly accessKey: webcrypto.CryptoKey
  readonly refreshSecret: Uint8Array
}

const secretBytes = 32
/** Longer than any that this server gives out; what is longer is not even parsed. */
const maxTokenLength = 4096
const refreshTokenForm = /^([1-9]\d{0,15})\.([1-9]\d{0,9})\.([A-Za-z0-9_-]{43})$/

export async function createTokens(options: {
  readonly clock: Clock
  readonly accessTokenSeconds: number
  readonly secrets: Pick<AccountStore, 'loadSecret'>
}): Promise<Tokens> {
  const [accessSecret, refreshSecret] = await Promise.all([
    options.secrets.loadSecret('access-token', randomBytes(secretBytes)),
    options.secrets.loadSecret('refresh-token', randomBytes(secretBytes)),
  ])
  // As a key object the secret is prepared once; as bytes it would be for every token, which doubles the work of each.
  const accessKey = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(accessSecret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  )
  return tokensWith({ ...options, accessKey, refreshSecret })
}

function tokensWith({ clock, accessTokenSeconds, accessKey, refreshSecret }: TokensOptions): Tokens {
  const macOf = (sessionId: SessionId, generation: number, seed: Uint8Array) =>
    createHmac('sha256', refreshSecret).update(`${sessionId}.${generation}.`).update(seed).digest('base64url')
  return {
    async issue(account, sessionId) {
      const issuedAt = Math.floor(clock.now() / 1000)
      const expiresAt = issuedAt + accessTokenSeconds
      const accessToken = await new SignJWT({ aid: account.id, sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(account.username)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(accessKey)
      return { accessToken, expiresAt: new Date(expiresAt * 1000).toISOString() }
    },
    verify: token => verifyAccessToken(token, accessKey, clock),
    refreshToken: ({ sessionId, generation, seed }) =>
      `${sessionId}.${generation}.${macOf(sessionId, generation, seed)}`,
    parseRefreshToken(token) {
      const [, sessionId, generation, mac] = refreshTokenForm.exec(token) ?? []
      if (sessionId === undefined || generation === undefined || mac === undefined) return null
      if (!Number.isSafeInteger(Number(sessionId))) return null
      return { sessionId: Number(sessionId) as SessionId, generation: Number(generation), mac }
    },
    isGenuine({ sessionId, generation, mac }, session) {
      const expected = macOf(sessionId, generation, session.seed)
      return timingSafeEqual(Buffer.from(mac), Buffer.from(expected)) && generation <= session.generation
    },
  }
}

async function verifyAccessToken(token: string, key: webcrypto.CryptoKey, clock: Clock): Promise<AccessClaims> {
  if (token.length > maxTokenLength) refuse('unauthenticated')
  const { payload } = await jwtVerify(token, key, {
    algorithms: ['HS256'],
    currentDate: new Date(clock.now()),
    requiredClaims: ['sub', 'exp', 'aid', 'sid'],
  }).catch(translate)
  const { aid, sid, exp } = payload
  if (!isId(aid) || !isId(sid) || exp === undefined) refuse('unauthenticated')
  return { accountId: aid as AccountId, sessionId: sid as SessionId, expiresAtMs: exp * 1000 }
}

function translate(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new Refusal('token-expired', {}, { cause: error })
  if (error instanceof errors.JOSEError) throw new Refusal('unauthenticated', {}, { cause: error })
  throw error
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}
