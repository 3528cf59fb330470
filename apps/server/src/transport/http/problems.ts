/** How refusals look over HTTP: problems under `/v1/`, and everywhere else what the mail API's clients expect. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createProblem, isOperationName, operations, type Problem, type ProblemCode } from '@recado/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '../../logger.ts'
import { Refusal } from '../../problem.ts'
import { toRefusal } from '../dispatch.ts'

/** What Fastify itself refuses before a route sees the request. */
const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  404: 'unknown-operation',
  405: 'method-not-allowed',
  413: 'too-large',
  415: 'unsupported-type',
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1000))
  return reply
    .status(problem.status)
    .headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    .send(JSON.stringify(problem))
}

/** For the routes under `/v1/`. */
export function answerWithProblems(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request, logger)
    return sendProblem(reply, refusal.problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const name = pathOf(request).slice('/v1/'.length)
    if (!isOperationName(name) || operations[name].transport === 'socket') {
      return sendProblem(reply, createProblem('unknown-operation'))
    }
    return sendProblem(reply.header('allow', 'POST'), createProblem('method-not-allowed'))
  })
}

/** For everything else. */
export function answerWithDetails(app: FastifyInstance, logger: Logger): void {
  const routes = recordRoutes(app)
  app.setErrorHandler((error, request, reply) => {
    // The body of a request for nothing is not read, whatever its type.
    if (request.is404) return sendDetail(reply, 404, 'Not Found')
    const { problem } = refusalOf(error, request, logger)
    return sendDetail(reply, problem.status, problem.title)
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || request.url.startsWith('/v1/')) return
    const path = pathOf(request)
    const allowed = routes.methodsOf(path)
    if (allowed.includes(request.method)) return
    if (allowed.length > 0) return sendDetail(reply.header('allow', allowed.join(', ')), 405, 'Method Not Allowed')
    const canonical = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
    if (routes.methodsOf(canonical).length === 0 || canonical === '') return
    return reply.header('cache-control', 'no-store').redirect(canonical + request.url.slice(path.length), 307)
  })
  app.setNotFoundHandler((_request, reply) => sendDetail(reply, 404, 'Not Found'))
}

/** For addresses that the router cannot even read; no hook has run for them. */
export function refuseMalformed(request: IncomingMessage, response: ServerResponse): void {
  const isOperation = request.url?.startsWith('/v1/') ?? false
  const [type, body] = isOperation
    ? ['application/problem+json', createProblem('unknown-operation')]
    : ['application/json', { detail: 'Not Found' }]
  response.writeHead(404, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(JSON.stringify(body))
}

function sendDetail(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.status(status).header('cache-control', 'no-store').send({ detail })
}

function refusalOf(error: unknown, request: FastifyRequest, logger: Logger): Refusal {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (error instanceof Refusal || !(status >= 400 && status < 500)) {
    return toRefusal(error, request.routeOptions.url ?? 'http', logger)
  }
  return new Refusal(codeOfStatus[status] ?? 'invalid-input', {}, { cause: error })
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

/** Which methods a path has: the router only answers for one method at a time. */
function recordRoutes(app: FastifyInstance): { methodsOf(path: string): readonly string[] } {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', route => {
    const known = methods.get(route.url) ?? new Set()
    methods.set(route.url, known)
    for (const method of [route.method].flat()) known.add(method)
  })
  const matches = (pattern: string, path: string) => {
    if (pattern.endsWith('/*')) return path.startsWith(pattern.slice(0, -1))
    if (!pattern.includes('/:')) return pattern === path
    const [names, parts] = [pattern.split('/'), path.split('/')]
    return (
      names.length === parts.length && names.every((name, i) => (name[0] === ':' ? parts[i] !== '' : name === parts[i]))
    )
  }
  return {
    methodsOf: path => [
      ...new Set([...methods].filter(([pattern]) => matches(pattern, path)).flatMap(([, names]) => [...names])),
    ],
  }
}
