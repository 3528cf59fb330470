/** The client for browsers: IndexedDB, Web Locks and a channel between tabs, each only where the browser has it. */
import { createTransport } from '../adapters/http-transport.ts'
import { createFreeLocks, createMemorySessions } from '../adapters/in-process.ts'
import { createSystemClock, createSystemRandom } from '../adapters/system.ts'
import { createClient } from '../client.ts'
import type { Client, ClientOptions } from '../client-api.ts'
import type { Ports } from '../ports.ts'
import { createIndexedDbCaches } from './indexeddb-cache.ts'
import { createIndexedDbSessions, withFallback } from './session-store.ts'
import { createTabs, createWebLocks } from './tabs.ts'

export interface BrowserClientOptions extends Partial<ClientOptions> {
  /** The server's origin (the page's own). */
  readonly url?: string
}

/** A client that survives reloads, works offline and shares its sign-in, cache and outbox with other tabs. */
export function createBrowserClient({ url = location.origin, ...options }: BrowserClientOptions = {}): Client {
  const tabs = createTabs()
  const ports: Ports = {
    transport: createTransport(url),
    clock: createSystemClock(),
    random: createSystemRandom(),
    caches: createIndexedDbCaches(),
    sessions: withFallback(createIndexedDbSessions(), createMemorySessions()),
    locks: 'locks' in navigator ? createWebLocks(navigator.locks) : createFreeLocks(),
    schedule: nextFrame,
    tabs,
  }
  const client = createClient(ports, { refresh: refreshFor(url), ...options })
  const stop = wakeWithPage(client)
  const close = client.close.bind(client)
  client.close = async () => {
    stop()
    await close()
    tabs.close()
  }
  return client
}

/** Browsers keep the `__Host-` cookie only for a page's own origin, and only where it is secure. */
function refreshFor(url: string): ClientOptions['refresh'] {
  return isSecureContext && new URL(url).origin === location.origin ? 'cookie' : 'body'
}

/** A hidden page has no frames: there a timer must do. */
function nextFrame(callback: () => void): void {
  let state: 'waiting' | 'done' = 'waiting'
  const once = () => {
    if (state === 'done') return
    state = 'done'
    clearTimeout(timer)
    cancelAnimationFrame(frame)
    callback()
  }
  const timer = setTimeout(once, 100)
  const frame = requestAnimationFrame(once)
}

function wakeWithPage(client: Client): () => void {
  const wake = () => client.wake()
  const shown = () => {
    if (document.visibilityState === 'visible') wake()
  }
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', shown)
  return () => {
    window.removeEventListener('online', wake)
    document.removeEventListener('visibilitychange', shown)
  }
}
