/**
 * The way into the cache: changes gather while a transaction is in flight and leave together in the next, in order. What
 * is in memory may be ahead of what is stored, never behind; who needs it stored waits for `flushed`.
 *
 * A storage that fails or is full is given up for one in memory: the old one stays behind, older but whole, so the next
 * start catches up from there.
 */
import type { StreamEvent } from '@recado/protocol'
import { type Cache, CacheGoneError } from '../cache/cache.ts'
import type { Change, ChangeOf } from '../cache/changes.ts'
import { createMemoryCache } from '../cache/memory-cache.ts'
import { writeChanges } from '../cache/persist.ts'
import { evict } from '../cache/restore.ts'
import { type ConversationState, followed } from './model.ts'

export interface WriterOwner {
  /** These are stored now. */
  stored(changes: readonly Change[]): void
  /** The cache holds another state of this conversation than the change was built on. */
  stale(conversationId: ConversationState['id']): void
  /** The sign-in of this cache is gone. */
  gone(): void
  /** Storage was given up; returns what the memory that replaces it begins with. */
  failed(error: unknown, replacement: Cache): Promise<void>
}

export class Writer {
  readonly #owner: WriterOwner
  readonly #keep: number
  #cache: Cache
  #pending: Change[] = []
  /** The pending change that further events of a conversation may join. */
  readonly #open = new Map<ConversationState['id'], ChangeOf<'follow'>>()
  /** Who waits for the batch being written, and for the one after it. */
  #waiting: (() => void)[] = []
  #waitingNext: (() => void)[] = []
  #state: 'idle' | 'writing' | 'stopped' = 'idle'
  #messages = 0

  constructor(cache: Cache, keep: number, owner: WriterOwner) {
    this.#cache = cache
    this.#keep = keep
    this.#owner = owner
  }

  get cache(): Cache {
    return this.#cache
  }

  /** How many messages the cache holds at the start. */
  countMessages(messages: number): void {
    this.#messages = messages
  }

  add(change: Change): void {
    if (this.#state === 'stopped') return
    if ('conversationId' in change) this.#open.delete(change.conversationId)
    if (change.kind === 'wipe') this.#open.clear()
    this.#pending.push(change)
    this.#begin()
  }

  /** Events up to the state's cursor were applied after `base`, or, without events, its properties changed. */
  follow(state: ConversationState, base: number, events: readonly StreamEvent[], sent: readonly number[] = []): void {
    if (this.#state === 'stopped' || state.membership === 'left') return
    const open = this.#open.get(state.id)
    if (open) {
      open.next = followed(state)
      open.events.push(...events)
      open.sent.push(...sent)
      return
    }
    const change: ChangeOf<'follow'> = {
      kind: 'follow',
      conversationId: state.id,
      base,
      next: followed(state),
      events: [...events],
      sent: [...sent],
    }
    this.add(change)
    this.#open.set(state.id, change)
  }

  /** Resolves when all that was added so far is stored, or the writer has stopped. */
  flushed(): Promise<void> {
    if (this.#state !== 'writing') return Promise.resolve()
    const waiting = this.#pending.length > 0 ? this.#waitingNext : this.#waiting
    return new Promise(resolve => waiting.push(resolve))
  }

  /** Runs a transaction of its own; storage that fails is given up here too. */
  async transact<Result>(work: (cache: Cache) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.#cache)
    } catch (error) {
      if (this.#state === 'stopped' || error instanceof CacheGoneError) throw error
      await this.#degrade(error)
      return work(this.#cache)
    }
  }

  stop(): void {
    this.#state = 'stopped'
    this.#pending = []
    this.#open.clear()
    this.#release()
  }

  #begin(): void {
    if (this.#state !== 'idle') return
    this.#state = 'writing'
    void Promise.resolve().then(() => this.#drain())
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0 && this.#state === 'writing') {
      const batch = this.#pending
      this.#pending = []
      this.#open.clear()
      this.#waiting.push(...this.#waitingNext.splice(0))
      await this.#write(batch)
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
    if (this.#state !== 'writing') return
    this.#state = 'idle'
    this.#release()
  }

  async #write(batch: readonly Change[]): Promise<void> {
    try {
      const outcome = await this.transact(cache => writeChanges(cache, batch))
      this.#messages += outcome.messages
      if (this.#messages > this.#keep) {
        this.#messages -= await this.transact(cache => evict(cache, Math.floor(this.#keep * 0.95)))
      }
      if (this.#state !== 'writing') return
      for (const id of outcome.stale) this.#owner.stale(id)
      this.#owner.stored(batch)
    } catch (error) {
      if (!(error instanceof CacheGoneError)) throw error
      const running = this.#state !== 'stopped'
      this.stop()
      if (running) this.#owner.gone()
    }
  }

  async #degrade(error: unknown): Promise<void> {
    const replacement = createMemoryCache()
    const failed = this.#cache
    await this.#owner.failed(error, replacement)
    if (this.#cache !== failed) return
    this.#cache = replacement
    this.#messages = 0
    await failed.close()
  }

  #release(): void {
    for (const resolve of [...this.#waiting.splice(0), ...this.#waitingNext.splice(0)]) resolve()
  }
}
