/**
 * Builds the service worker once the app stands: it has to know every file of the app. Beside the app's own build, because
 * a worker is one script without imports, at an address of its own.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'vite'
import type { AppFiles } from '../worker/contract.ts'

const worker = join(import.meta.dirname, '../worker/service-worker.ts')
/** What is no file of the app: the page is kept under its addresses, the worker by the browser, the rest for the server. */
const others = /^(?:index\.html|sw\.js|\.vite\/.*|.*\.(?:br|gz|map))$/
/** Here names change with content. */
const hashed = /^assets\//

export function offlineApp(): Plugin {
  let dist = ''
  return {
    name: 'recado-offline-app',
    // A build that is not written is looked at, not handed out.
    apply: ({ build: { write } = {} }, { command }) => command === 'build' && write !== false,
    configResolved(config) {
      dist = resolve(config.root, config.build.outDir)
    },
    async closeBundle() {
      writeFileSync(join(dist, 'sw.js'), await buildWorker(listFiles(dist)))
    },
  }
}

function listFiles(dist: string): AppFiles {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const entry = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1]
  if (entry === undefined) throw new Error('The page starts no script.')
  const names = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter(file => file.isFile())
    .map(file => join(file.parentPath, file.name).slice(dist.length + 1))
    .filter(name => !others.test(name))
    .sort()
  const hash = createHash('sha256').update(page)
  for (const name of names) hash.update(`\0${name}\0`).update(hashed.test(name) ? '' : readFileSync(join(dist, name)))
  return {
    build: hash.digest('hex').slice(0, 16),
    page: '/app',
    entry,
    files: names.map(name => `/${name}`),
  }
}

async function buildWorker(appFiles: AppFiles): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { builtFiles: JSON.stringify(appFiles) },
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: worker, formats: ['iife'], name: 'recado', fileName: 'sw' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!output || !('output' in output)) throw new Error('No service worker was built.')
  return output.output[0].code
}
