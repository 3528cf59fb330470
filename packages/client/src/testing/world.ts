/** A fake server and clients of it, all on one virtual clock and one seed. */
import type { ConversationId } from '@recado/protocol'
import { createMemorySessions } from '../adapters/in-process.ts'
import { createMemoryCaches } from '../cache/memory-cache.ts'
import { createClient } from '../client.ts'
import type { Client, ClientOptions } from '../client-api.ts'
import type { CacheFactory, Ports, SessionStore } from '../ports.ts'
import type { ConversationHandle, MessageView } from '../types.ts'
import { FakeServer } from './fake-server.ts'
import { FakeTabs } from './fake-tabs.ts'
import { Mortal } from './mortal.ts'
import { createSeededRandom } from './seeded-random.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What survives when a client's program dies. */
export interface Device {
  readonly id: number
  readonly caches: CacheFactory
  readonly sessions: SessionStore
  readonly tabs: FakeTabs
}

export class World {
  readonly clock = new VirtualClock()
  readonly server: FakeServer
  readonly random: ReturnType<typeof createSeededRandom>
  #clients = 0
  readonly #seed: number
  readonly #mortals = new Map<Client, Mortal>()

  constructor(seed = 1) {
    this.#seed = seed
    this.random = createSeededRandom(seed)
    this.server = new FakeServer(this.clock, this.random)
  }

  device(id: number): Device {
    return { id, caches: createMemoryCaches(), sessions: createMemorySessions(), tabs: new FakeTabs() }
  }

  start(device: Device, options: Partial<ClientOptions> & { readonly ports?: Partial<Ports> } = {}): Client {
    const { ports, ...rest } = options
    const mortal = new Mortal()
    const all: Ports = {
      transport: mortal.transport(this.server.transportOf(device.id)),
      clock: mortal.clock(this.clock),
      random: createSeededRandom(this.#seed * 1_000 + ++this.#clients),
      caches: mortal.caches(device.caches),
      sessions: mortal.sessions(device.sessions),
      locks: mortal.locks(device.tabs.locks),
      tabs: mortal.tabs(device.tabs.tab()),
      schedule: queueMicrotask,
      ...ports,
    }
    const client = createClient(all, { refresh: 'body', ...rest })
    this.#mortals.set(client, mortal)
    return client
  }

  /** The program dies: what it had not stored is lost. */
  kill(client: Client): void {
    this.#mortals.get(client)?.kill()
  }

  /** Signed in as the person that the device belongs to, and caught up. */
  async signIn(
    device: Device,
    options: Partial<ClientOptions> & { readonly ports?: Partial<Ports> } = {},
  ): Promise<Client> {
    const client = this.start(device, options)
    let signedIn = false
    void client.signIn({ login: `person${device.id}`, password: 'password' }).then(() => {
      signedIn = true
    })
    await this.clock.until(() => signedIn)
    await this.caughtUp(client)
    return client
  }

  async resume(device: Device, options: Partial<ClientOptions> = {}): Promise<Client> {
    const client = this.start(device, options)
    await client.resumeSession()
    return client
  }

  async caughtUp(client: Client): Promise<void> {
    await this.clock.until(() => {
      const { connection } = client.getSnapshot()
      return connection.state === 'online' && connection.caughtUp
    })
  }

  /** Every connection ends, and everybody has noticed. */
  async cut(): Promise<void> {
    this.server.cut()
    await this.clock.advance(0)
  }

  /** Opens a conversation and waits until its newest messages are there. */
  async open(client: Client, id: number): Promise<ConversationHandle> {
    const handle = client.conversation(id as ConversationId)
    handle.subscribe(() => undefined)
    await this.clock.until(() => !handle.getSnapshot().loading.first)
    return handle
  }

  /** Waits for something that needs time to pass. */
  async wait<Result>(promise: Promise<Result>): Promise<Result> {
    let outcome: { result: Result } | { error: unknown } | null = null
    promise.then(
      result => {
        outcome = { result }
      },
      (error: unknown) => {
        outcome = { error }
      },
    )
    await this.clock.until(() => outcome !== null)
    return promise
  }
}

export function bodies(handle: ConversationHandle): (string | null)[] {
  return messages(handle).map(view => view.message.body)
}

export function messages(handle: ConversationHandle): MessageView[] {
  return handle.getSnapshot().items.filter(item => item.type === 'message')
}

export function pending(handle: ConversationHandle) {
  return handle.getSnapshot().items.filter(item => item.type === 'pending')
}
