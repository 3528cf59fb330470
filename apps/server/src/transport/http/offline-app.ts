/**
 * The service worker, which keeps the web app on devices. Browsers ask for it again and again by this one name, so it is
 * also the only way to take it back: where the offline app is switched off, and while developing, they get one that
 * deletes what was kept and ends itself.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'

export const workerPath = '/sw.js'

const retired = `self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(retire()))

async function retire() {
  for (const name of await caches.keys()) await caches.delete(name)
  await self.registration.unregister()
}
`

/** A worker runs under the policy that its script came with; it fetches files of this server and nothing else. */
export function allowWorker(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
    'service-worker-allowed': '/',
    'cache-control': 'no-cache',
  })
}

export function addRetiredWorker(app: FastifyInstance): void {
  app.get(workerPath, (_request, reply) =>
    allowWorker(reply).type('application/javascript; charset=utf-8').send(retired),
  )
}

/** The page says so too, for browsers that keep nothing yet: they need not ask. */
export function withoutOfflineApp(page: string): string {
  return page.replace('<html ', '<html data-offline-app="off" ')
}
