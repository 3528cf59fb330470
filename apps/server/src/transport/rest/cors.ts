/**
 * Which web pages may call the mail API: those of the server's own and of the configured origins. Browsers may send their
 * credentials along, as the API's clients do; nothing outside `/v1/` looks at a cookie.
 */
import type { FastifyInstance } from 'fastify'
import type { OriginPolicy } from '../http/origin.ts'

const otherPaths = /^\/(?:$|v1(?:\/|$)|app(?:\/|$)|assets\/|@)/

export function addCors(app: FastifyInstance, standingOf: OriginPolicy): void {
  app.addHook('onRequest', async (request, reply) => {
    if (otherPaths.test(request.url.split('?', 1)[0] ?? '')) return
    const { origin } = request.headers
    if (origin === undefined) return
    reply.header('vary', 'Origin')
    const wanted = request.headers['access-control-request-method']
    const isPreflight = request.method === 'OPTIONS' && wanted !== undefined
    if (standingOf(request.headers) === 'foreign') {
      if (isPreflight) return reply.status(400).send({ detail: 'Disallowed CORS origin' })
      return
    }
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'www-authenticate, retry-after, allow',
      'cross-origin-resource-policy': 'cross-origin',
    })
    if (!isPreflight) return
    return reply
      .headers({
        'access-control-allow-methods': 'GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS',
        'access-control-allow-headers':
          request.headers['access-control-request-headers'] ?? 'authorization, content-type',
        'access-control-max-age': '600',
      })
      .status(200)
      .type('text/plain; charset=utf-8')
      .send('OK')
  })
}
