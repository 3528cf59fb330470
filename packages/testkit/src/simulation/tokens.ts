/** Access and secrets without cryptography, whose real work runs on threads and would make runs differ. */
import type { AccountId, SessionId } from '@recado/protocol'
import type { Passwords } from '@recado/server/access/passwords.ts'
import type { Tokens } from '@recado/server/access/tokens.ts'
import type { Clock } from '@recado/server/clock.ts'
import { refuse } from '@recado/server/problem.ts'

export function createPlainTokens(clock: Clock, lifeMs: () => number): Tokens {
  return {
    async issue(account, sessionId) {
      const expiresAt = clock.now() + lifeMs()
      const accessToken = `${account.id}.${sessionId}.${expiresAt}`
      return { accessToken, expiresAt: new Date(expiresAt).toISOString() }
    },
    async verify(token) {
      const [accountId, sessionId, expiresAtMs] = token.split('.').map(Number)
      if (accountId === undefined || sessionId === undefined || expiresAtMs === undefined) refuse('unauthenticated')
      if (expiresAtMs <= clock.now()) refuse('token-expired')
      return { accountId: accountId as AccountId, sessionId: sessionId as SessionId, expiresAtMs }
    },
    refreshToken: session => `${session.sessionId}.${session.generation}`,
    parseRefreshToken(token) {
      const [sessionId, generation] = token.split('.').map(Number)
      if (sessionId === undefined || generation === undefined) return null
      return { sessionId: sessionId as SessionId, generation, mac: '' }
    },
    isGenuine: (claim, session) => claim.generation <= session.generation,
  }
}

export const plainPasswords: Passwords = {
  hash: async password => password,
  verify: async (hash, password) => hash === password,
}
