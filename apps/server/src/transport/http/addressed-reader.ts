import type { AccountId } from '@recado/protocol'
import type { FastifyRequest } from 'fastify'
import type { Addressed } from '../../access/address-tokens.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../problem.ts'
import { authenticate } from './operations.ts'

/** Who asks: by a bearer token, or by what stands for one in an address that a browser loads by itself. */
export async function requireReader(
  request: FastifyRequest,
  { tokens, store, addressTokens }: Pick<Context, 'tokens' | 'store' | 'addressTokens'>,
  addressed: Addressed,
): Promise<AccountId> {
  const { token } = request.query as { token?: unknown }
  if (token === undefined) return (await authenticate(request.headers, { tokens, store })).accountId
  if (typeof token !== 'string') refuse('unauthenticated')
  const { accountId, sessionId } = addressTokens.verify(token, addressed)
  if (!(await store.accounts.isSessionLive(accountId, sessionId))) refuse('session-ended')
  return accountId
}
