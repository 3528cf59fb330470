/** The gallery, built once and handed out without a server of ours: what the walks through its scenes look at. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import type { SceneName } from '../src/gallery/scenes.ts'
import { launchBrowser, Seat, type SeatOptions } from './seat.ts'

const root = join(import.meta.dirname, '..')
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const mailBody = '<!doctype html><meta charset="utf-8"><p>Anbei wie besprochen die Rechnung.</p>'

interface GallerySite extends AsyncDisposable {
  readonly url: string
  /** Turns a page to a scene, without loading the gallery anew. */
  show(page: Page, scene: SceneName | 'components', look?: Record<string, string>): Promise<void>
  /** Takes it away, so that a window which changes has nothing to lay out. */
  clear(page: Page): Promise<void>
}

/** React as it is developed with complains about more; as it is handed out it is three times as fast. */
type GalleryReact = 'development' | 'production'

/** To be called once, at the top of a file: the gallery is there from before its tests until after them. */
export function visitGallery(react: GalleryReact) {
  let site: GallerySite
  let browser: Awaited<ReturnType<typeof launchBrowser>>
  beforeAll(async () => {
    site = await openGallery(react)
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await site?.[Symbol.asyncDispose]()
  })
  return {
    seat: (options?: Omit<SeatOptions, 'url'>) => Seat.take(browser, { url: site.url, ...options }),
    show: (...to: Parameters<GallerySite['show']>) => site.show(...to),
    clear: (page: Page) => site.clear(page),
  }
}

async function openGallery(react: GalleryReact): Promise<GallerySite> {
  const output = await buildGallery(react)
  const chunks = Array.isArray(output) ? output : [output]
  const files = new Map<string, string | Uint8Array>()
  for (const chunk of chunks) {
    if (!('output' in chunk)) throw new Error('Vite watches instead of building.')
    for (const file of chunk.output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    // Of the server's own the frames of mails ask for one.
    if (pathname.startsWith('/v1/')) return void response.setHeader('content-type', 'text/html').end(mailBody)
    const name = files.has(pathname) ? pathname : '/index.html'
    response.setHeader('content-type', types[extname(name)] ?? 'application/octet-stream')
    response.end(files.get(name))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    async show(page, scene, look = {}) {
      const hash = `#${new URLSearchParams({ scene, ...look })}`
      if (page.url().startsWith(url)) await page.evaluate(turnTo, hash)
      else await page.goto(`${url}/gallery${hash}`)
      // A locator would look at ever longer intervals.
      await page.waitForFunction(wanted => document.documentElement.dataset['scene'] === wanted, hash)
    },
    async clear(page) {
      if (page.url().startsWith(url)) await page.evaluate(turnTo, '#nothing')
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** In the page. */
function turnTo(hash: string): void {
  window.location.replace(hash)
}

/** Not minified, so that what ran can be told by its name. */
async function buildGallery(react: GalleryReact) {
  const before = process.env['NODE_ENV']
  // Vite and React's plugin look nowhere else.
  process.env['NODE_ENV'] = react
  try {
    return await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'error',
      define: { 'import.meta.env.DEV': 'true' },
      build: { minify: false, write: false },
    })
  } finally {
    process.env['NODE_ENV'] = before
  }
}
