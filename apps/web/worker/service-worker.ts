/**
 * The service worker: keeps the files of the app on the device, so that it starts without a network. Messages are none of
 * its business: the SDK keeps those, and no answer of `/v1/` ever passes through here.
 *
 * A build is kept whole or not at all: a worker is installed once it has every file and the page that names them. A new one
 * waits until a tab says `activate`, so no page changes under somebody who writes. The files of the build before stay as
 * long as tabs may still ask for them.
 *
 * Not here: a page on demand from the network. The page belongs to its build like every other file; a newer page would
 * ask for files that this worker does not have when the network is gone again.
 */
import type { AppFiles, FromWorker, ToWorker } from './contract.ts'

declare const self: ServiceWorkerGlobalScope
/** What the build puts in the place of this name. */
declare const builtFiles: AppFiles
const appFiles = builtFiles

const prefix = 'recado-app-'
/** Remembers which build tabs were given last. */
const memory = 'recado-app'
const activeKey = '/active-build'
/** Browsers open about six connections to a server; the app may need one meanwhile. */
const fetchesAtOnce = 4

/** Here names change with content. */
const hashedFolder = '/assets/'

const current = prefix + appFiles.build

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(activate()))
self.addEventListener('message', ({ data }) => {
  if ((data as ToWorker | null)?.kind === 'activate') void self.skipWaiting()
})
self.addEventListener('fetch', event => {
  const key = findKey(event.request)
  if (key !== null) event.respondWith(answer(key, event.request))
})

/** What was fetched before an attempt failed is used by the next one. */
async function install(): Promise<void> {
  const cache = await caches.open(current)
  const waiting = [...appFiles.files]
  const work = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await keep(cache, file)
  }
  await Promise.all(Array.from({ length: fetchesAtOnce }, work))
  await keepPage(cache)
}

/** A file with its content's hash in its name is taken from wherever it already is. */
async function keep(cache: Cache, path: string): Promise<void> {
  const hashed = path.startsWith(hashedFolder)
  const known = hashed ? await caches.match(path, { ignoreVary: true }) : undefined
  const response = known ?? (await fetch(path, hashed ? {} : { cache: 'no-cache' }))
  if (!response.ok) throw new Error(`${path} is answered with ${response.status}.`)
  await cache.put(path, response)
}

/** The server may have got another build since it handed out this worker; its page would name files that are not here. */
async function keepPage(cache: Cache): Promise<void> {
  const response = await fetch(appFiles.page, { cache: 'no-cache' })
  const text = await response.clone().text()
  if (!response.ok || !text.includes(appFiles.entry)) throw new Error('The page belongs to another build.')
  await cache.put(appFiles.page, response)
}

async function activate(): Promise<void> {
  const state = await caches.open(memory)
  const before = await (await state.match(activeKey))?.text()
  await state.put(activeKey, new Response(appFiles.build))
  const kept = new Set([memory, current, prefix + before])
  for (const name of await caches.keys()) if (!kept.has(name)) await caches.delete(name)
  await self.clients.claim()
  const active: FromWorker = { kind: 'active', entry: appFiles.entry }
  for (const client of await self.clients.matchAll({ type: 'window' })) client.postMessage(active)
}

/** Under which path the answer is kept; null: the browser asks the server as if there were no worker. */
function findKey(request: Request): string | null {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return null
  if (request.mode === 'navigate') return isPage(pathname) ? appFiles.page : null
  return isFile(pathname) ? pathname : null
}

function isPage(path: string): boolean {
  return path === '/' || path === '/app' || path.startsWith('/app/')
}

function isFile(path: string): boolean {
  return path.startsWith(hashedFolder) || appFiles.files.includes(path)
}

/** This build's first; a tab of the build before finds its own. */
async function answer(key: string, request: Request): Promise<Response> {
  const cache = await caches.open(current)
  const own = await cache.match(key, { ignoreVary: true })
  return own ?? (await caches.match(key, { ignoreVary: true })) ?? fetch(request)
}
