/**
 * One sign-in on this device: its tokens, its cache, its engine, and its turn at sending among the tabs that share it.
 * It ends once: by signing out here or in another tab, or by the server.
 */
import type { ConversationId, Grant } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import { createMemoryCache } from '../cache/memory-cache.ts'
import type { EngineOptions } from '../engine/core.ts'
import { Engine } from '../engine/engine.ts'
import type { EventListeners } from '../engine/listeners.ts'
import type { Ports } from '../ports.ts'
import type { SavedSession, StorageState } from '../types.ts'
import { Tokens } from './tokens.ts'
import { keepUnsent, takeUnsent } from './unsent.ts'

/** A frozen tab may hold a cache open; the browser deletes it once that tab lets go. */
const deletePatienceMs = 3_000

export interface SignedInOwner {
  changed(conversationId?: ConversationId): void
  /** Over, and nothing of it is running any more. */
  ended(): void
}

export interface SignedInStart {
  readonly ports: Ports
  readonly options: EngineOptions
  readonly listeners: EventListeners
  readonly saved: SavedSession
  readonly owner: SignedInOwner
}

export class SignedIn {
  readonly saved: SavedSession
  readonly engine: Engine
  readonly tokens: Tokens
  readonly #ports: Ports
  readonly #abort = new AbortController()
  #storage: StorageState
  #state: 'live' | 'over' = 'live'
  readonly #owner: SignedInOwner

  private constructor(start: SignedInStart, cache: Cache, storage: StorageState) {
    const { ports, options, listeners, saved, owner } = start
    this.saved = saved
    this.#ports = ports
    this.#owner = owner
    this.#storage = storage
    this.tokens = new Tokens(ports, saved.sessionId, token => this.engine.reauthenticate(token))
    this.engine = new Engine({
      ports,
      options,
      listeners,
      cache,
      account: saved.account,
      sessionId: saved.sessionId,
      owner: {
        accessToken: need => this.tokens.access(need),
        changed: id => owner.changed(id),
        outboxChanged: () => ports.tabs?.post({ kind: 'outbox-changed', database: this.database }),
        ended: () => void this.#ended(),
        storageFailed: () => {
          this.#storage = 'memory'
          owner.changed()
        },
      },
    })
  }

  /** Opens the cache, shows it, and begins to connect. `grant` when somebody has just signed in. */
  static async begin(start: SignedInStart, grant: Grant | null): Promise<SignedIn> {
    const { cache, storage, lost } = await openCache(start)
    const signedIn = new SignedIn(start, cache, storage)
    void lost.then(() => signedIn.#gone())
    if (grant) {
      signedIn.tokens.accept(grant)
      await takeUnsent(start.ports.caches, grant.account.id, cache)
    }
    await signedIn.engine.load()
    signedIn.engine.connect()
    signedIn.#awaitTurn()
    return signedIn
  }

  get database(): string {
    return databaseOf(this.saved)
  }

  get storage(): StorageState {
    return this.#storage
  }

  /** Lets go of everything; nothing is deleted. */
  async close(): Promise<void> {
    this.#end()
    await this.engine.stop('keep')
  }

  /** Another tab signed out: this one stops before what is stored is deleted. */
  async abandon(): Promise<void> {
    this.#end()
    await this.engine.stop('abandon')
  }

  /** Ends it for good on this device, other tabs first. */
  async erase(): Promise<void> {
    this.#ports.tabs?.post({ kind: 'signing-out', database: this.database })
    await this.abandon()
    await this.#forget()
  }

  /** The lock of the outbox is held until the end: other tabs queue, this one sends. */
  #awaitTurn(): void {
    const { signal } = this.#abort
    const over = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    const turn = async () => {
      if (signal.aborted) return
      this.engine.outbox.allow()
      await over
    }
    this.#ports.locks.exclusive(`${this.database}-outbox`, turn, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }

  #end(): void {
    this.#state = 'over'
    this.#abort.abort()
    this.tokens.stop()
  }

  /** The server ended the session: what was not sent is kept for this person's next sign-in, the rest goes. */
  async #ended(): Promise<void> {
    if (this.#state === 'over') return
    this.#end()
    const unsent = [...this.engine.outbox.items.all()].map(item => item.row)
    await this.engine.stop('abandon')
    if (unsent.length > 0) await keepUnsent(this.#ports.caches, this.saved.account.id, unsent)
    await this.#forget()
    this.#owner.ended()
  }

  /** The cache was deleted under it, by a tab that signed out. */
  async #gone(): Promise<void> {
    if (this.#state === 'over') return
    await this.abandon()
    this.#owner.ended()
  }

  async #forget(): Promise<void> {
    const { caches, clock, sessions } = this.#ports
    await sessions.clear(this.saved.sessionId)
    const deleted = caches.delete(this.database).catch(() => undefined)
    await Promise.race([deleted, new Promise<void>(resolve => clock.setTimer(deletePatienceMs, resolve))])
  }
}

export function databaseOf({ account, sessionId }: SavedSession): string {
  return `recado-${account.id}-${sessionId}`
}

interface OpenedCache {
  readonly cache: Cache
  readonly storage: StorageState
  /** Resolves if the cache is deleted under it. */
  readonly lost: Promise<void>
}

/** Storage may be forbidden, as in some private windows: everything still works, but does not outlive the program. */
async function openCache({ ports, saved }: SignedInStart): Promise<OpenedCache> {
  const { promise: lost, resolve } = Promise.withResolvers<void>()
  try {
    return { cache: await ports.caches.open(databaseOf(saved), resolve), storage: ports.caches.storage, lost }
  } catch {
    return { cache: createMemoryCache(), storage: 'memory', lost }
  }
}
