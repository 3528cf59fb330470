/**
 * The HTTP side of the server: operations under `/v1/`, the web app, the documentation, and what watches the process.
 * `app.server` is the Node server that sockets attach to. Close it with `app.close()`.
 */
import cookie from '@fastify/cookie'
import { limits } from '@recado/protocol'
import { type FastifyInstance, type FastifyPluginCallback, fastify } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import type { Metrics } from '../../metrics.ts'
import type { Dispatch } from '../dispatch.ts'
import { addCors } from '../rest/cors.ts'
import { addRestRoutes } from '../rest/routes.ts'
import { createProxyTrust } from './address.ts'
import { acceptJson } from './body.ts'
import { addDevServer } from './dev-server.ts'
import { addDocumentation } from './documentation/routes.ts'
import { addEventRoute, type OpenEventStream } from './events.ts'
import { addSecurityHeaders } from './headers.ts'
import { addHealthRoutes, type ReadinessChecks } from './health.ts'
import { addMailBodyRoute } from './mail-body.ts'
import { addFileRoutes } from './media/files.ts'
import { addTusRoutes } from './media/tus.ts'
import { addOperationRoutes, guardOrigin } from './operations.ts'
import { createOriginPolicy } from './origin.ts'
import { answerWithDetails, answerWithProblems, refuseMalformed } from './problems.ts'
import { addWebApp } from './web-app.ts'

export interface HttpOptions {
  readonly config: Pick<Config, 'publicUrl' | 'allowedOrigins' | 'trustedProxies' | 'offlineApp'>
  readonly context: Pick<Context, 'tokens' | 'addressTokens' | 'store' | 'logger' | 'clock' | 'media' | 'log'>
  readonly dispatch: Dispatch
  readonly metrics: Metrics
  readonly readiness: ReadinessChecks
  readonly openEventStream: OpenEventStream
  /** The folder of the built web app, or of its source while developing. */
  readonly web: { readonly mode: 'built' | 'development'; readonly root: string }
}

/** A request, its body included, that takes longer is given up: nobody writes 256 KB that slowly but to hold a connection. */
const requestTimeoutMs = 30_000
/** Above what proxies use to keep, so that they close first and no request meets a closing connection. */
const keepAliveTimeoutMs = 75_000

export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { config, context, metrics, readiness } = options
  const app = fastify({
    logger: false,
    bodyLimit: limits.requestBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    return503OnClosing: false,
    trustProxy: createProxyTrust(config.trustedProxies),
    frameworkErrors: (_error, request, reply) => refuseMalformed(request.raw, reply.raw),
  })
  addSecurityHeaders(app, config)
  logRequests(app, options)
  addCors(app, createOriginPolicy(config))
  // After the hooks above, whose headers its answers carry, and before every route, of which it takes note.
  answerWithDetails(app, context.logger)
  await app.register(cookie)
  await app.register(v1 => addVersion1(v1, options), { prefix: '/v1' })
  await addRestRoutes(app, { context, dispatch: options.dispatch })
  addHealthRoutes(app, { readiness, metrics })
  addDocumentation(app)
  if (options.web.mode === 'built') await addWebApp(app, { root: options.web.root, offlineApp: config.offlineApp })
  else await addDevServer(app, { root: options.web.root, server: app.server })
  return app
}

async function addVersion1(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { config, context, dispatch, openEventStream } = options
  const standingOf = createOriginPolicy(config)
  answerWithProblems(app, context.logger)
  acceptJson(app)
  guardOrigin(app, standingOf)
  addOperationRoutes(app, { context, dispatch, standingOf })
  addEventRoute(app, { context, openEventStream })
  addMailBodyRoute(app, context)
  for (const addRoutes of [addTusRoutes, addFileRoutes]) {
    const scope: FastifyPluginCallback = (media, _options, done) => {
      addRoutes(media, context)
      done()
    }
    await app.register(scope, { prefix: '/media' })
  }
}

/** Route and status, never the address with its query, where clients of the mail API may put passwords. */
function logRequests(app: FastifyInstance, { context: { logger } }: HttpOptions): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const fields = { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }
    if (reply.statusCode >= 500) logger.warn(fields, 'request failed')
    else logger.debug(fields, 'request answered')
  })
}
