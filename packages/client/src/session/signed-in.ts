/**
 * One sign-in on this device: its tokens, its cache, its engine, and its turn at sending among the tabs that share it.
 * It ends once: by signing out here or in another tab, by the server, or because what was kept of it was taken away. However
 * it ends, what was not sent is kept, unless somebody said that it may go.
 */
import type { Account, ConversationId, Grant } from '@recado/protocol'
import { type Cache, CacheFullError } from '../cache/cache.ts'
import { findSettlement } from '../cache/outbox-rows.ts'
import type { Settlement } from '../cache/rows.ts'
import type { EngineOptions } from '../engine/core.ts'
import { Engine, type FailedStorage } from '../engine/engine.ts'
import type { EventListeners } from '../engine/listeners.ts'
import type { LeftDraft } from '../mail/left-draft.ts'
import type { Ports } from '../ports.ts'
import type { SavedSession, StorageState } from '../types.ts'
import { Tokens } from './tokens.ts'
import { databaseOf, type Left, nothingLeft, type Unsent } from './unsent.ts'
import { within } from './within.ts'

/** A frozen tab may hold a cache open; the browser deletes it once that tab lets go. */
const deletePatienceMs = 3_000

export interface SignedInOwner {
  changed(conversationId?: ConversationId): void
  /** Over, not by its owner, and nothing of it is running any more. */
  ended(signedIn: SignedIn, reason: 'signed-out' | 'session-ended'): void
  /** Something of this person waits that came too late to be taken over. */
  leftLate(account: Account): void
}

export interface SignedInStart {
  readonly ports: Ports
  readonly options: EngineOptions
  readonly listeners: EventListeners
  readonly saved: SavedSession
  readonly unsent: Unsent
  readonly owner: SignedInOwner
}

export class SignedIn {
  readonly saved: SavedSession
  readonly engine: Engine
  readonly tokens: Tokens
  readonly #ports: Ports
  readonly #unsent: Unsent
  /** Whether other tabs see what is kept. */
  readonly #cache: 'shared' | 'own'
  readonly #abort = new AbortController()
  #storage: StorageState
  #state: 'live' | 'over' = 'live'
  readonly #owner: SignedInOwner
  readonly #opened: Cache

  private constructor(start: SignedInStart, { cache, storage, kind }: OpenedCache) {
    const { ports, options, listeners, saved, owner, unsent } = start
    this.saved = saved
    this.#ports = ports
    this.#owner = owner
    this.#storage = storage
    this.#unsent = unsent
    this.#cache = kind
    this.#opened = cache
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
        outboxChanged: () => this.#tellOthers(),
        ended: () => void this.#ended(),
        cacheGone: () => void this.#gone(),
        storageFailed: how => this.#storageFailed(how),
      },
    })
  }

  /**
   * Opens the cache, shows it, and begins to connect; null if the sign-in is over and a tab died before it had finished
   * ending it, or if what is kept of it is damaged. `grant` when somebody has just signed in.
   */
  static async begin(start: SignedInStart, grant: Grant | null): Promise<SignedIn | null> {
    const { ports, saved, unsent } = start
    const opened = await openCache(start)
    const { cache } = opened
    const settled = await findSettlement(cache, saved.sessionId).catch(() => null)
    if (settled) {
      await cache.close()
      await unsent.settle(saved, settled, nothingLeft)
      await forget(ports, saved)
      return null
    }
    const signedIn = new SignedIn(start, opened)
    void opened.lost.then(() => signedIn.#gone())
    if (grant) signedIn.tokens.accept(grant)
    // Where it cannot be handed over now, it waits for the next start.
    const taken = await unsent.take(saved, cache).catch(() => 0)
    try {
      await signedIn.engine.load()
    } catch {
      // Rows that make no sense. What waits to be sent is kept for the next sign-in, all else the server has.
      await signedIn.settle('kept')
      await forget(ports, saved)
      return null
    }
    signedIn.engine.connect()
    // What takes over from storage that fails: by then the network may have failed too.
    import('../cache/memory-cache.ts').catch(() => undefined)
    signedIn.#awaitTurn()
    // A tab may have died between storing what it was given and telling the one that sends.
    if (taken > 0 || signedIn.engine.outbox.items.count().waiting > 0) signedIn.#tellOthers()
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

  /** Another tab ended it and settles what is stored: this one stops before that is deleted. */
  async letGo(unsent: Settlement): Promise<void> {
    const { own, drafts } = await this.#abandon()
    const typed = drafts.filter(draft => !draft.isStored)
    if (unsent === 'discarded' || own.length + typed.length === 0) return
    await this.#unsent.salvage(this.saved, { stored: [], own, drafts: typed })
  }

  /** Whoever still shows a draft of it goes on typing. */
  async typedLate(draft: LeftDraft): Promise<void> {
    await this.#unsent.salvage(this.saved, { ...nothingLeft, drafts: [draft] })
    this.#owner.leftLate(this.saved.account)
  }

  /** What has come to wait since it began. */
  async takeLeft(): Promise<void> {
    const taken = await this.#unsent.take(this.saved, this.#opened).catch(() => 0)
    if (taken === 0) return
    this.engine.mail.wanted()
    await this.engine.reload()
    this.#tellOthers()
  }

  /** What waits to be sent or was refused, other tabs' too. */
  async countUnsent(): Promise<number> {
    await this.engine.reload()
    const { waiting, refused } = this.engine.outbox.items.count()
    return waiting + refused
  }

  /** Noted beforehand, for a tab that does not hear of it before the browser takes the cache away. */
  async cancel(entryId: string): Promise<boolean> {
    const { outbox } = this.engine
    const entry = outbox.items.find(entryId)?.row
    if (!entry) return false
    await this.#unsent.noteTakenBack(this.saved, entry.clientMessageId)
    if (await outbox.cancel(entryId)) return true
    await this.engine.reload()
    // It may have been sent; if it is not there, another tab took it back.
    if (outbox.items.find(entryId)) await this.#unsent.forgetTakenBack(this.saved, entry.clientMessageId)
    return false
  }

  /** It gets another key: under the one that was refused it is not to come up again. */
  async retry(entryId: string): Promise<void> {
    const { outbox } = this.engine
    const entry = outbox.items.find(entryId)?.row
    if (entry?.refused) await this.#unsent.noteTakenBack(this.saved, entry.clientMessageId)
    await outbox.retry(entryId)
  }

  /** Ends it on this device; the caller forgets it. */
  async settle(how: Settlement): Promise<void> {
    await this.#unsent.settle(this.saved, how, await this.#abandon())
  }

  /** The lock of the outbox is held until the end, or until it is no longer shared: other tabs queue, this one sends. */
  #awaitTurn(): void {
    const { signal } = this.#abort
    const over = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    const turn = async () => {
      if (signal.aborted) return
      this.engine.outbox.allow()
      // Who had the turn before may have left what nobody was told of.
      void this.engine.reload()
      await over
    }
    this.#ports.locks.exclusive(`${this.database}-outbox`, turn, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }

  async #abandon(): Promise<Left> {
    this.#end()
    await this.engine.stop('abandon')
    const { stored, own } = await this.engine.leftover()
    const drafts = this.engine.mail.part?.leftDrafts(this.#cache) ?? []
    return this.#cache === 'shared' ? { stored, own, drafts } : { stored: [], own: [...stored, ...own], drafts }
  }

  #end(): void {
    this.#state = 'over'
    this.#abort.abort()
    this.tokens.stop()
  }

  /** The server ended the session: what was not sent is kept for this person's next sign-in, the rest goes. */
  async #ended(): Promise<void> {
    if (this.#state === 'over') return
    await this.settle('kept')
    await forget(this.#ports, this.saved)
    this.#owner.ended(this, 'session-ended')
  }

  /** The cache was deleted under it, by a tab that ended the sign-in or by the browser. */
  async #gone(): Promise<void> {
    if (this.#state === 'over') return
    const settled = await this.#unsent.salvage(this.saved, await this.#abandon())
    this.#owner.ended(this, settled === 'discarded' ? 'signed-out' : 'session-ended')
  }

  /** What other tabs write from now on, this one does not see: it is theirs to send. */
  #storageFailed(how: FailedStorage): void {
    this.#storage = how
    this.#abort.abort()
    if (this.#state === 'live') this.engine.outbox.allow()
    this.#owner.changed()
  }

  #tellOthers(): void {
    this.#ports.tabs?.post({ kind: 'outbox-changed', database: this.database })
  }
}

/** Forgets a sign-in that was settled, and deletes what was kept of it. */
export async function forget({ caches, clock, sessions }: Ports, saved: SavedSession): Promise<void> {
  await sessions.clear(saved.sessionId).catch(() => undefined)
  const deleted = caches.delete(databaseOf(saved)).catch(() => undefined)
  await within(clock, deletePatienceMs, deleted)
}

interface OpenedCache {
  readonly cache: Cache
  readonly storage: StorageState
  readonly kind: 'shared' | 'own'
  /** Resolves if the cache is deleted under it. */
  readonly lost: Promise<void>
}

/** Storage may be forbidden, as in some private windows: everything still works, but does not outlive the program. */
async function openCache({ ports, saved }: SignedInStart): Promise<OpenedCache> {
  const { promise: lost, resolve } = Promise.withResolvers<void>()
  try {
    const cache = await ports.caches.open(databaseOf(saved), resolve)
    return { cache, storage: ports.caches.storage, kind: 'shared', lost }
  } catch (error) {
    const storage = error instanceof CacheFullError ? 'full' : 'memory'
    const { createMemoryCache } = await import('../cache/memory-cache.ts')
    return { cache: createMemoryCache(), storage, kind: 'own', lost }
  }
}
