import type { Account, Grant } from '@recado/protocol'
import type { RefreshState } from '../store/accounts.ts'
import type { Tokens } from './tokens.ts'

/** What signing up, signing in and refreshing answer. The refresh token is always in it; browsers get it as a cookie instead, which is the transport's matter. */
export async function createGrant(tokens: Tokens, account: Account, session: RefreshState): Promise<Grant> {
  const access = await tokens.issue(account, session.sessionId)
  return { account, sessionId: session.sessionId, ...access, refreshToken: tokens.refreshToken(session) }
}
