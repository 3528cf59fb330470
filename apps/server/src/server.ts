/** A whole server in this process: database, log, gateway, HTTP and sockets, ended in reverse. */
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Bus } from './bus/bus.ts'
import type { Config } from './config.ts'
import { createContext, type OwnedContext } from './context.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { handlers } from './operations/registry.ts'
import { pingDatabase } from './store/pool.ts'
import { createDispatch } from './transport/dispatch.ts'
import { createProxyTrust, readAddress } from './transport/http/address.ts'
import { createEventStreams } from './transport/http/event-stream.ts'
import { createOriginPolicy } from './transport/http/origin.ts'
import { createHttpServer } from './transport/http/server.ts'
import { MailSocketServer } from './transport/rest/socket-server.ts'
import { SocketServer } from './transport/socket/server.ts'

export interface ServerOptions {
  readonly config: Config
  readonly logger: Logger
  readonly mode: 'built' | 'development'
  /** What several servers of one process share; else each has its own. */
  readonly bus?: Bus
  /** The folder of a built web app other than ours. */
  readonly webDist?: string
}

export interface RunningServer extends AsyncDisposable {
  /** Where it listens, as a loopback origin. */
  readonly url: string
  readonly context: OwnedContext
}

const webRoot = join(import.meta.dirname, '../../web')
/** Clients are told to come back; those that do not answer are cut after this. */
const drainMs = 3_000

export async function startServer({ config, logger, mode, bus, webDist }: ServerOptions): Promise<RunningServer> {
  await using owned = new AsyncDisposableStack()
  const context = owned.use(await createContext({ config, logger, ...(bus === undefined ? {} : { bus }) }))
  const metrics = createMetrics()
  const dispatch = createDispatch({ context, handlers, metrics })
  const app = await createHttpServer({
    config,
    context,
    dispatch,
    metrics,
    readiness: {
      database: () => pingDatabase(context.database.pool),
      log: async () => {
        if (!context.gateway.healthy) throw new Error('the commit journal cannot be read')
      },
    },
    openEventStream: createEventStreams(context),
    web: { mode, root: mode === 'built' ? (webDist ?? join(webRoot, 'dist')) : webRoot },
  })
  owned.defer(async () => {
    context.gateway.drain()
    const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
    await app.close()
    clearTimeout(cut)
  })
  const standingOf = createOriginPolicy(config)
  const trust = createProxyTrust(config.trustedProxies)
  const mailSockets = owned.use(new MailSocketServer(context))
  owned.use(
    new SocketServer({
      server: app.server,
      gateway: context.gateway,
      dispatch,
      mailSockets,
      mayOpen: (request: IncomingMessage) => standingOf(request.headers) !== 'foreign',
      addressOf: (request: IncomingMessage) => readAddress(request, trust),
    }),
  )
  await app.listen({ port: config.port, ...(config.host === undefined ? {} : { host: config.host }) })
  const held = owned.move()
  return { url: loopbackUrl(app.server.address()), context, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

function loopbackUrl(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return `http://localhost:${address.port}`
}
