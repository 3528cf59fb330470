/** A server for tests of the HTTP side: real database, store, side lane and routes; nobody listens to what it announces. */
import { createPasswords } from '@recado/server/access/passwords.ts'
import { createRateLimits, noRateLimits } from '@recado/server/access/rate-limits.ts'
import { createTokens } from '@recado/server/access/tokens.ts'
import { type Clock, systemClock } from '@recado/server/clock.ts'
import type { Context } from '@recado/server/context.ts'
import { sanitise } from '@recado/server/html/sanitise.ts'
import { SideLane } from '@recado/server/log/side-lane.ts'
import type { Logger } from '@recado/server/logger.ts'
import { createMetrics } from '@recado/server/metrics.ts'
import { type Handlers, handlers } from '@recado/server/operations/registry.ts'
import { createPool } from '@recado/server/store/pool.ts'
import { createSqlStore } from '@recado/server/store/sql/store.ts'
import { createDispatch } from '@recado/server/transport/dispatch.ts'
import type { OpenEventStream } from '@recado/server/transport/http/events.ts'
import { createHttpServer, type HttpOptions } from '@recado/server/transport/http/server.ts'
import { createTestDatabase } from './database.ts'
import { silentLogger } from './test-cluster.ts'
import { withoutAddresses, withoutFiles } from './without-files.ts'

interface HttpTestOptions {
  readonly config?: Partial<HttpOptions['config']>
  readonly rateLimits?: 'on' | 'off'
  readonly logger?: Logger
  readonly handlers?: Handlers
  readonly openEventStream?: OpenEventStream
  readonly readiness?: HttpOptions['readiness']
  readonly webRoot?: string
}

export interface HttpTestServer extends AsyncDisposable {
  readonly app: Awaited<ReturnType<typeof createHttpServer>>
  readonly url: string
  readonly pool: ReturnType<typeof createPool>
  readonly context: Context
  /** How far the server's clock is ahead of the machine's. */
  readonly time: { aheadMs: number }
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly body: any
}

export async function startHttpServer(options: HttpTestOptions = {}): Promise<HttpTestServer> {
  await using owned = new AsyncDisposableStack()
  const database = owned.use(await createTestDatabase())
  const { address } = database
  const logger = options.logger ?? silentLogger
  const pool = createPool({ address, applicationName: 'test', maxConnections: 4, statementTimeoutMs: 5_000, logger })
  const store = owned.use(await createSqlStore({ address, pool, logger }))
  const time = { aheadMs: 0 }
  const clock: Clock = { ...systemClock, now: () => Date.now() + time.aheadMs }
  const announcer = { announce: () => undefined, repairSoon: () => undefined }
  const sideLane = owned.use(new SideLane({ store, clock, logger, announcer }))
  const context = {
    config: { accessTokenSeconds: 1800 },
    clock,
    logger,
    store,
    log: sideLane as unknown as Context['log'],
    gateway: undefined as unknown as Context['gateway'],
    tokens: await createTokens({ clock, accessTokenSeconds: 1800, secrets: store.accounts }),
    passwords: await createPasswords(),
    rateLimits: options.rateLimits === 'on' ? createRateLimits(clock) : noRateLimits,
    bodies: { sanitise: async (html: string) => sanitise(html) },
    media: withoutFiles,
    addressTokens: withoutAddresses,
  }
  const metrics = createMetrics()
  const app = await createHttpServer({
    config: { publicUrl: undefined, allowedOrigins: [], trustedProxies: [], offlineApp: 'on', ...options.config },
    context,
    dispatch: createDispatch({ context, handlers: options.handlers ?? handlers, metrics }),
    metrics,
    readiness: options.readiness ?? { database: () => store.readVector() },
    openEventStream: options.openEventStream ?? (stream => void stream.response.end()),
    web: { mode: 'built', root: options.webRoot ?? '/nowhere' },
  })
  owned.defer(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const running = owned.move()
  return {
    app,
    url,
    pool,
    context,
    time,
    post: (path, body, headers) => post(url + path, body, headers),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  return readAnswer(
    await fetch(url, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
    }),
  )
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

let people = 0

/** Signs somebody up and answers with the grant. */
export async function signUp(server: HttpTestServer, username = `person${++people}`) {
  const answer = await server.post('/v1/account.create', { username, displayName: username, password: 'correct horse' })
  if (answer.status !== 200) throw new Error(`signing up failed: ${JSON.stringify(answer.body)}`)
  return answer.body
}
