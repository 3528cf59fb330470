/** `GET /v1/events`: the events of the socket for scripts, as Server-Sent Events (HTML Living Standard, section 9.2). */
import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { AccessClaims } from '../../access/tokens.ts'
import type { Context } from '../../context.ts'
import { answerWithin } from './answer-within.ts'
import { authenticate } from './operations.ts'

export interface EventStream {
  readonly claims: AccessClaims
  readonly address: string
  /** What the client has stored everything up to (`Last-Event-ID`); null for a new one. */
  readonly mark: string | null
  /** Its head is written; who opens the stream writes events and ends it. */
  readonly response: ServerResponse
}

export type OpenEventStream = (stream: EventStream) => void

export function addEventRoute(
  app: FastifyInstance,
  {
    context,
    openEventStream,
  }: { context: Pick<Context, 'tokens' | 'store' | 'clock'>; openEventStream: OpenEventStream },
): void {
  app.get('/events', async (request, reply) => {
    const claims = await answerWithin(context.clock, authenticate(request.headers, context))
    const lastEventId = request.headers['last-event-id']
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies gather an answer into pages unless told otherwise.
      'x-accel-buffering': 'no',
    })
    reply.raw.flushHeaders()
    const mark = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : null
    openEventStream({ claims, address: request.ip, mark, response: reply.raw })
  })
}
