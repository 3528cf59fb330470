/** For those who watch over the process: does it live, can it serve, how is it doing. */
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../../metrics.ts'

/** What the server needs to serve; each check throws while it cannot. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

const checkTimeoutMs = 2_000

export function addHealthRoutes(
  app: FastifyInstance,
  { readiness, metrics }: { readiness: ReadinessChecks; metrics: Metrics },
): void {
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const failing = await listFailing(readiness)
    reply.header('cache-control', 'no-store').status(failing.length === 0 ? 200 : 503)
    return { status: failing.length === 0 ? 'ready' : 'not ready', failing }
  })
  app.get('/metrics', async (_request, reply) => {
    reply.headers({ 'content-type': metrics.registry.contentType, 'cache-control': 'no-store' })
    return metrics.registry.metrics()
  })
}

async function listFailing(readiness: ReadinessChecks): Promise<readonly string[]> {
  const checks = Object.entries(readiness).map(async ([name, check]) => ((await passes(check)) ? [] : [name]))
  return (await Promise.all(checks)).flat()
}

/** Why a check fails is in the log of what it checks; a stranger learns only which. */
async function passes(check: () => Promise<unknown>): Promise<boolean> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error('the check took too long')), checkTimeoutMs)
  return Promise.race([check(), timeout.promise])
    .then(() => true)
    .catch(() => false)
    .finally(() => clearTimeout(timer))
}
