/**
 * Refresh tokens of browsers. The app's own pages never hold one: it travels as a cookie that no script reads and that
 * is sent to this origin only. Operations know nothing of it: on the way in the cookie becomes `refreshToken`, on the
 * way out `refreshToken` becomes the cookie.
 */
import type { Grant, OperationName, SessionId } from '@recado/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../problem.ts'
import { keepsSecureCookies, type OriginStanding } from './origin.ts'

const cookieName = '__Host-recado'
const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const
/** As long as a session may rest. */
const maxAgeSeconds = 90 * 24 * 60 * 60

export interface CookieExchange {
  /** The operation's input, with the token that the cookie held. */
  readonly data: unknown
  /** Turns the result into what is sent. */
  finish(result: unknown): unknown
  /** Told of a refusal, so that a cookie which is good for nothing goes. */
  fail(error: unknown): void
}

interface Exchange {
  readonly name: OperationName
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly standing: OriginStanding
  /** The session that a `session.end` without an id ends. */
  readonly sessionId: SessionId | null
}

/** Every operation but those that give or take refresh tokens passes untouched. */
export function exchangeCookie(exchange: Exchange): CookieExchange {
  const { body: data = {} } = exchange.request
  switch (exchange.name) {
    case 'account.create':
    case 'session.create':
      return signingIn(exchange, data)
    case 'session.refresh':
      return refreshing(exchange, data)
    case 'session.end':
      return ending(exchange, data)
    default:
      return untouched(data)
  }
}

function untouched(data: unknown): CookieExchange {
  return { data, finish: result => result, fail: () => undefined }
}

function signingIn(exchange: Exchange, data: unknown): CookieExchange {
  if (readField(data, 'refresh') !== 'cookie') return untouched(data)
  if (exchange.standing === 'allowed') {
    const message = 'must be "body": cookies are for the server’s own pages'
    throw new Refusal('invalid-input', { errors: [{ path: '/refresh', message }] })
  }
  return { ...untouched(data), finish: result => giveCookie(exchange, result as Grant) }
}

function refreshing(exchange: Exchange, data: unknown): CookieExchange {
  const cookie = exchange.request.cookies[cookieName]
  const isAsked = readField(data, 'refreshToken') === undefined && exchange.standing !== 'allowed'
  if (!isAsked || cookie === undefined) return untouched(data)
  return {
    data: { ...Object(data), refreshToken: cookie },
    finish: result => giveCookie(exchange, result as Grant),
    fail: error => {
      if (error instanceof Refusal && error.problem.status === 401) clearCookie(exchange.reply)
    },
  }
}

function ending(exchange: Exchange, data: unknown): CookieExchange {
  const ended = readField(data, 'sessionId') ?? exchange.sessionId
  return {
    ...untouched(data),
    finish: result => {
      if (exchange.request.cookies[cookieName]?.startsWith(`${ended}.`)) clearCookie(exchange.reply)
      return result
    },
  }
}

/** A page whose browser would drop the cookie keeps the token in the answer. */
function giveCookie({ request, reply }: Exchange, grant: Grant): Grant {
  const page = request.headers.origin ?? `${request.protocol}://${request.host}`
  if (grant.refreshToken === null || !keepsSecureCookies(page)) return grant
  reply.setCookie(cookieName, grant.refreshToken, { ...attributes, maxAge: maxAgeSeconds })
  return { ...grant, refreshToken: null }
}

function clearCookie(reply: FastifyReply): void {
  reply.clearCookie(cookieName, attributes)
}

function readField(data: unknown, field: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, field) ? Reflect.get(data, field) : undefined
}
