/** `/docs` for people and `/openapi.json` for machines: rendered once, when first asked for. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { allowDocument } from '../headers.ts'
import { renderDocumentation } from './html.ts'
import { createOpenApi } from './openapi.ts'

const packageFile = join(import.meta.dirname, '../../../../package.json')

export function addDocumentation(app: FastifyInstance): void {
  const page = once(async () => renderDocumentation())
  const style = once(() => readFile(join(import.meta.dirname, 'style.css'), 'utf8'))
  const openApi = once(async () => JSON.stringify(createOpenApi(await readVersion())))
  app.get('/docs', async (request, reply) => {
    allowDocument(request, reply)
    return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }).send(await page())
  })
  app.get('/docs/style.css', async (_request, reply) =>
    reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }).send(await style()),
  )
  app.get('/openapi.json', async (_request, reply) =>
    reply.headers({ 'content-type': 'application/json', 'cache-control': 'no-cache' }).send(await openApi()),
  )
}

async function readVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(packageFile, 'utf8'))
  return version
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null
  return () => {
    made ??= make()
    return made
  }
}
