/** While developing: Vite serves the web app from its source on the server's own port, and reloads it. */
import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { addRetiredWorker } from './offline-app.ts'

/** Vite's own socket, beside ours. */
const reloadPath = '/@recado/reload'

export async function addDevServer(app: FastifyInstance, { root, server }: { root: string; server: Server }) {
  const { createServer } = await import('vite')
  const vite = await createServer({
    root,
    appType: 'spa',
    // Read as it is: the temporary copy that Vite writes otherwise would restart a watched server for ever.
    configLoader: 'native',
    server: { middlewareMode: true, hmr: { server, path: reloadPath } },
  })
  app.addHook('onClose', () => vite.close())
  // A built app that ran on this port before would answer from what it keeps.
  addRetiredWorker(app)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || request.url.startsWith('/v1/')) return
    // None of the headers set on the reply are sent: Vite's pages hold inline scripts, which our policy would refuse.
    reply.hijack()
    vite.middlewares(request.raw, reply.raw, () => reply.raw.writeHead(404).end('Not Found'))
  })
}
