import { createTransport } from './adapters/http-transport.ts'
import { createFreeLocks, createMemorySessions } from './adapters/in-process.ts'
import { createSystemClock, createSystemRandom } from './adapters/system.ts'
import { createMemoryCaches } from './cache/memory-cache.ts'
import { createClient } from './client.ts'
import type { Client, ClientOptions } from './client-api.ts'
import type { Ports } from './ports.ts'

export interface NodeClientOptions extends Partial<Omit<ClientOptions, 'refresh'>> {
  /** The server's origin, for example `https://chat.example.org`. */
  readonly url: string
  /** Adapters to use instead of the built-in ones, for example a `sessions` that survives a restart. */
  readonly ports?: Partial<Ports>
}

/** A client for Node (22 or later) and other runtimes with `fetch` and `WebSocket`; it keeps everything in memory. */
export function createNodeClient({ url, ports, ...options }: NodeClientOptions): Client {
  const all: Ports = {
    transport: createTransport(url),
    clock: createSystemClock(),
    random: createSystemRandom(),
    caches: createMemoryCaches(),
    sessions: createMemorySessions(),
    locks: createFreeLocks(),
    schedule: queueMicrotask,
    ...ports,
  }
  return createClient(all, { device: 'Recado for Node', ...options, refresh: 'body' })
}
