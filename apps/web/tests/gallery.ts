/** The gallery, built once and handed out without a server of ours: what the walk through all scenes looks at. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface GallerySite extends AsyncDisposable {
  readonly url: string
}

/** Not minified, so that what ran can be told by its name; Vitest's environment is not production, so the gallery is in. */
export async function openGallery(): Promise<GallerySite> {
  const output = await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { minify: false, write: false },
  })
  const chunks = Array.isArray(output) ? output : [output]
  const files = new Map<string, string | Uint8Array>()
  for (const chunk of chunks) {
    if (!('output' in chunk)) throw new Error('Vite watches instead of building.')
    for (const file of chunk.output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = files.has(pathname) ? pathname : '/index.html'
    response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream')
    response.end(files.get(name))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
