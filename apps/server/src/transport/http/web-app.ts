/**
 * The built web app. Its pages are one document; the files it names carry their content's hash in their name, so they
 * never change and the document is all that a browser ever asks about again.
 */
import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { allowDocument } from './headers.ts'

const compressed = new Set(['.br', '.gz'])

export async function addWebApp(app: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) return addPlaceholder(app)
  await app.register(fastifyStatic, { root, serve: false, index: false, preCompressed: true, cacheControl: false })
  for (const path of ['/', '/app', '/app/*']) {
    app.get(path, (request, reply) => {
      allowDocument(request, reply)
      return reply.header('cache-control', 'no-cache').sendFile('index.html')
    })
  }
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(join('assets', request.params['*'])),
  )
  for (const file of listRootFiles(root)) {
    app.get(`/${file}`, (_request, reply) => reply.header('cache-control', 'no-cache').sendFile(file))
  }
}

/** The service worker, the manifest, icons: their names are known to browsers, so they are asked for each time. */
function listRootFiles(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name !== 'index.html' && !compressed.has(extname(entry.name)))
    .map(entry => entry.name)
}

function addPlaceholder(app: FastifyInstance): void {
  app.get('/', async (_request, reply) =>
    reply.status(503).type('text/plain; charset=utf-8').send('The web app is not built. Run: npm start\n'),
  )
}
