/** A real browser on pages of our own, served without a network. */
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { build } from 'vite'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser extends AsyncDisposable {
  /** Another tab of the same person, with the bundle loaded. */
  openTab(): Promise<Page>
}

/** Chromium with a page that has loaded the module `entry`, relative to `src`. */
export async function openBrowser(entry: string): Promise<Browser> {
  const scripts = await bundle(new URL(`../src/${entry}`, import.meta.url))
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags })
  const context = await browser.newContext()
  await context.route('**/*', route => {
    const script = scripts.get(new URL(route.request().url()).pathname.slice(1))
    return route.fulfill(
      script === undefined
        ? { contentType: 'text/html', body: '<!doctype html><script type="module" src="/bundle.js"></script>' }
        : { contentType: 'text/javascript', body: script },
    )
  })
  return {
    openTab: async () => {
      const page = await context.newPage()
      await page.goto('http://localhost/')
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** As an app would bundle it: `bundle.js`, and what is loaded with its first use, by name. */
export async function bundle(entry: URL): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(entry), formats: ['es'], fileName: 'bundle' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('Nothing was built.')
  return new Map(output.output.flatMap(file => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])))
}
