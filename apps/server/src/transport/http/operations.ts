/** `POST /v1/<operation>`: the body is the operation's input, the answer its result. */
import type { IncomingHttpHeaders } from 'node:http'
import { isOperationName, type OperationName, operations } from '@recado/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireSession } from '../../access/sessions.ts'
import type { AccessClaims } from '../../access/tokens.ts'
import type { Context } from '../../context.ts'
import { refuse } from '../../problem.ts'
import type { Dispatch } from '../dispatch.ts'
import { answerWithin } from './answer-within.ts'
import type { OriginPolicy } from './origin.ts'
import { exchangeCookie } from './refresh-cookie.ts'

interface OperationRoutes {
  readonly context: Pick<Context, 'tokens' | 'store' | 'clock'>
  readonly dispatch: Dispatch
  readonly standingOf: OriginPolicy
}

const preflight = {
  'access-control-allow-methods': 'POST, GET, HEAD, PATCH, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, last-event-id, tus-resumable, upload-length, upload-metadata, upload-offset',
  'access-control-max-age': '7200',
}

/** Keeps foreign pages out, before anything of their request is read. */
export function guardOrigin(app: FastifyInstance, standingOf: OriginPolicy): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', vary: 'Origin' })
    const standing = standingOf(request.headers)
    if (standing === 'foreign') refuse('foreign-origin')
    if (standing !== 'allowed') return
    reply.headers({
      'access-control-allow-origin': request.headers.origin,
      'access-control-expose-headers':
        'retry-after, www-authenticate, location, tus-resumable, upload-offset, upload-length, upload-expires',
      'cross-origin-resource-policy': 'cross-origin',
    })
    if (request.method === 'OPTIONS') return reply.headers(preflight).status(204).send()
  })
}

export function addOperationRoutes(app: FastifyInstance, routes: OperationRoutes): void {
  app.post<{ Params: { operation: string } }>('/:operation', async (request, reply) => {
    const name = requireHttpOperation(request.params.operation)
    return reply.send(await answerWithin(routes.context.clock, runOperation({ name, request, reply }, routes)))
  })
}

async function runOperation(
  { name, request, reply }: { name: OperationName; request: FastifyRequest; reply: FastifyReply },
  { context, dispatch, standingOf }: OperationRoutes,
): Promise<unknown> {
  const claims = operations[name].access === 'session' ? await authenticate(request.headers, context) : null
  const visitor = { address: request.ip, connection: null }
  const caller = claims === null ? visitor : { ...visitor, ...callerOf(claims) }
  const standing = standingOf(request.headers)
  const exchange = exchangeCookie({ name, request, reply, standing, sessionId: claims?.sessionId ?? null })
  try {
    return exchange.finish(await dispatch(name, exchange.data, caller))
  } catch (error) {
    exchange.fail(error)
    throw error
  }
}

/** The session behind an `Authorization: Bearer` header. */
export async function authenticate(
  { authorization }: Pick<IncomingHttpHeaders, 'authorization'>,
  context: Pick<Context, 'tokens' | 'store'>,
): Promise<AccessClaims> {
  const [, bearer] = /^Bearer +([^\s]+)$/i.exec(authorization ?? '') ?? []
  return requireSession(context, bearer ?? refuse('unauthenticated'))
}

export function callerOf({ accountId, sessionId }: AccessClaims) {
  return { accountId, sessionId, connection: null }
}

function requireHttpOperation(name: string): OperationName {
  return isOperationName(name) && operations[name].transport !== 'socket' ? name : refuse('unknown-operation')
}
