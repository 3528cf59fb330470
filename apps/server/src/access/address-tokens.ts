/**
 * What proves who asks where a browser loads an address by itself and can send no header: `<account>.<session>.<end>.<mac>`.
 * It says who, not what they may see: whether that session lives and that account may see what is asked for is decided at each
 * request, and nothing of it is left once the session has ended. A token for files opens no mail: files have ids that nobody
 * finds by guessing, mails have not, so theirs is good for one mail alone.
 * All that are given out within an hour are the same, so that browsers find in their cache what they had before.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AccountId, MailId, SessionId } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import { refuse } from '../problem.ts'
import type { AccountStore } from '../store/accounts.ts'

/** What a token is for. */
export type Addressed = 'files' | { readonly bodyOf: MailId }

export interface AddressTokens {
  issue(reader: Reader, addressed: Addressed): { readonly token: string; readonly expiresAt: string }
  /** Raises `unauthenticated` and `token-expired`. Whether the session still lives is the caller's question. */
  verify(token: string, addressed: Addressed): Reader
}

interface Reader {
  readonly accountId: AccountId
  readonly sessionId: SessionId
}

const windowSeconds = 60 * 60
const secretBytes = 32
const form = /^([1-9]\d{0,15})\.([1-9]\d{0,15})\.([1-9]\d{0,11})\.([A-Za-z0-9_-]{43})$/

export async function createAddressTokens(options: {
  readonly clock: Clock
  readonly secrets: Pick<AccountStore, 'loadSecret'>
}): Promise<AddressTokens> {
  const { clock } = options
  const secret = await options.secrets.loadSecret('media-token', randomBytes(secretBytes))
  const macOf = (claim: string, addressed: Addressed) => {
    const words = addressed === 'files' ? claim : `body of mail ${addressed.bodyOf}: ${claim}`
    return createHmac('sha256', secret).update(words).digest('base64url')
  }
  return {
    issue({ accountId, sessionId }, addressed) {
      // Good for one to two hours.
      const expiresAt = (Math.floor(clock.now() / 1000 / windowSeconds) + 2) * windowSeconds
      const claim = `${accountId}.${sessionId}.${expiresAt}`
      return { token: `${claim}.${macOf(claim, addressed)}`, expiresAt: new Date(expiresAt * 1000).toISOString() }
    },
    verify(token, addressed) {
      const [, accountId, sessionId, expiresAt, mac = ''] = form.exec(token) ?? refuse('unauthenticated')
      const expected = macOf(`${accountId}.${sessionId}.${expiresAt}`, addressed)
      if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) refuse('unauthenticated')
      if (Number(expiresAt) * 1000 <= clock.now()) refuse('token-expired')
      return { accountId: Number(accountId) as AccountId, sessionId: Number(sessionId) as SessionId }
    },
  }
}
