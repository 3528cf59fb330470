/**
 * The built web app. Its pages are one document; the files it names carry their content's hash in their name, so they
 * never change and the document is all that a browser ever asks about again.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import { allowDocument } from './headers.ts'
import { addRetiredWorker, allowWorker, withoutOfflineApp, workerPath } from './offline-app.ts'

export interface WebAppOptions {
  readonly root: string
  readonly offlineApp: Config['offlineApp']
}

const compressed = new Set(['.br', '.gz'])

export async function addWebApp(app: FastifyInstance, { root, offlineApp }: WebAppOptions): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) return addPlaceholder(app)
  await app.register(fastifyStatic, { root, serve: false, index: false, preCompressed: true, cacheControl: false })
  const sendPage = offlineApp === 'on' ? sendFile : createPageSender(join(root, 'index.html'))
  for (const path of ['/', '/app', '/app/*']) {
    app.get(path, (request, reply) => {
      allowDocument(request, reply)
      return sendPage(request, reply.header('cache-control', 'no-cache'))
    })
  }
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(join('assets', request.params['*'])),
  )
  for (const file of listRootFiles(root)) {
    app.get(`/${file}`, (_request, reply) => reply.header('cache-control', 'no-cache').sendFile(file))
  }
  if (offlineApp === 'off') addRetiredWorker(app)
  else app.get(workerPath, (_request, reply) => allowWorker(reply).sendFile(workerPath.slice(1)))
}

function sendFile(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.sendFile('index.html')
}

/** The page with one word changed, so it is sent from memory. */
function createPageSender(file: string) {
  const page = withoutOfflineApp(readFileSync(file, 'utf8'))
  const etag = `"${createHash('sha256').update(page).digest('base64url')}"`
  return (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (request.headers['if-none-match'] === etag) return reply.header('etag', etag).status(304).send()
    return reply.header('etag', etag).type('text/html; charset=utf-8').send(page)
  }
}

/** Manifests and icons: their names are known to browsers, so they are asked for each time. */
function listRootFiles(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isFile() && !compressed.has(extname(entry.name)))
    .map(entry => entry.name)
    .filter(name => name !== 'index.html' && `/${name}` !== workerPath)
}

function addPlaceholder(app: FastifyInstance): void {
  app.get('/', async (_request, reply) =>
    reply.status(503).type('text/plain; charset=utf-8').send('The web app is not built. Run: npm start\n'),
  )
}
