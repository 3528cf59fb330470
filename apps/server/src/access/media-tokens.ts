/**
 * What proves who asks for a file where a browser loads it by itself and can send no header: `<account>.<session>.<end>.<mac>`
 * in the address. It says who, not what: whether that session lives and that account may see the file is asked at each
 * request, so one that leaks opens nothing to anybody who does not also know a file's id, and nothing once it has ended.
 * All that are given out within an hour are the same, so that browsers find in their cache what they had before.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AccountId, SessionId } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import { refuse } from '../problem.ts'
import type { AccountStore } from '../store/accounts.ts'

export interface MediaTokens {
  issue(reader: Reader): { readonly token: string; readonly expiresAt: string }
  /** Raises `unauthenticated` and `token-expired`. Whether the session still lives is the caller's question. */
  verify(token: string): Reader
}

interface Reader {
  readonly accountId: AccountId
  readonly sessionId: SessionId
}

const windowSeconds = 60 * 60
const secretBytes = 32
const form = /^([1-9]\d{0,15})\.([1-9]\d{0,15})\.([1-9]\d{0,11})\.([A-Za-z0-9_-]{43})$/

export async function createMediaTokens(options: {
  readonly clock: Clock
  readonly secrets: Pick<AccountStore, 'loadSecret'>
}): Promise<MediaTokens> {
  const { clock } = options
  const secret = await options.secrets.loadSecret('media-token', randomBytes(secretBytes))
  const macOf = (claim: string) => createHmac('sha256', secret).update(claim).digest('base64url')
  return {
    issue({ accountId, sessionId }) {
      // Good for one to two hours.
      const expiresAt = (Math.floor(clock.now() / 1000 / windowSeconds) + 2) * windowSeconds
      const claim = `${accountId}.${sessionId}.${expiresAt}`
      return { token: `${claim}.${macOf(claim)}`, expiresAt: new Date(expiresAt * 1000).toISOString() }
    },
    verify(token) {
      const [, accountId, sessionId, expiresAt, mac = ''] = form.exec(token) ?? refuse('unauthenticated')
      const expected = macOf(`${accountId}.${sessionId}.${expiresAt}`)
      if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) refuse('unauthenticated')
      if (Number(expiresAt) * 1000 <= clock.now()) refuse('token-expired')
      return { accountId: Number(accountId) as AccountId, sessionId: Number(sessionId) as SessionId }
    },
  }
}
