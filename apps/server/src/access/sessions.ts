/** The gate of everything that needs a sign-in: a genuine access token of a session that has not ended. */
import type { Context } from '../context.ts'
import { refuse } from '../problem.ts'
import type { AccessClaims } from './tokens.ts'

/** Raises `unauthenticated`, `token-expired` and `session-ended`. */
export async function requireSession(
  { tokens, store }: Pick<Context, 'tokens' | 'store'>,
  bearer: string,
): Promise<AccessClaims> {
  const claims = await tokens.verify(bearer)
  if (!(await store.accounts.isSessionLive(claims.accountId, claims.sessionId))) refuse('session-ended')
  return claims
}
