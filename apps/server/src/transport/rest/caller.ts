/** Who calls the mail API: known before anything of the request's body is read. */
import type { FastifyRequest } from 'fastify'
import { requireSession } from '../../access/sessions.ts'
import type { AccessClaims } from '../../access/tokens.ts'
import type { Context } from '../../context.ts'
import type { Caller } from '../../operations/handler.ts'
import { Refusal } from '../../problem.ts'
import { answerWithin } from '../http/answer-within.ts'
import { refusals } from './refusals.ts'

type CallerContext = Pick<Context, 'tokens' | 'store' | 'clock'>

export async function requireCaller(request: FastifyRequest, context: CallerContext): Promise<Caller> {
  const [, token] = /^bearer(?: +(.*))?$/i.exec(request.headers.authorization ?? '') ?? [null, null]
  if (token === null) throw refusals.notAuthenticated()
  const { accountId, sessionId } = await requireToken(token ?? '', context)
  return { accountId, sessionId, address: request.ip, connection: null }
}

/** Raises one refusal for whatever is wrong with a token. */
export async function requireToken(token: string, context: CallerContext): Promise<AccessClaims> {
  try {
    return await answerWithin(context.clock, requireSession(context, token.trim()))
  } catch (error) {
    throw error instanceof Refusal && error.problem.status === 401 ? refusals.wrongToken() : error
  }
}
