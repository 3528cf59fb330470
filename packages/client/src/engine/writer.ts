/**
 * The way into the cache: changes gather while a transaction is in flight and leave together in the next, in order. What
 * is in memory may be ahead of what is stored, never behind; who needs it stored waits for `flushed`.
 *
 * A storage that is full makes room first, for messages can be fetched again and unsent text cannot. One that fails, or
 * stays full, is given up for one in memory: the old one stays behind, older but whole, so the next start catches up from
 * there.
 */
import type { StreamEvent } from '@recado/protocol'
import { type Cache, CacheFullError, CacheGoneError } from '../cache/cache.ts'
import type { Change, ChangeOf } from '../cache/changes.ts'
import { writeChanges } from '../cache/persist.ts'
import { evict, forgetMessages, makeRoom } from '../cache/restore.ts'
import { type ConversationState, followed } from './model.ts'

export interface WriterOwner {
  /** These are stored now. */
  stored(changes: readonly Change[]): void
  /** The cache holds another state of this conversation than the change was built on. */
  stale(conversationId: ConversationState['id']): void
  /** The sign-in of this cache is gone. */
  gone(): void
  /** Storage was given up: fills the memory that replaces it. Returns the last place that it can have in the outbox. */
  failed(error: unknown, replacement: Cache): Promise<number>
}

/** Storage that was given up. It may still hold unsent entries, which other tabs see: up to this place in the outbox. */
export interface Former {
  readonly cache: Cache
  readonly lastPlace: number
}

/** So few are not worth halving. */
const fewMessages = 1_000

export class Writer {
  readonly #owner: WriterOwner
  #keep: number
  #cache: Cache
  #former: Former | null = null
  /** Making room, for all who found none meanwhile. */
  #shrinking: Promise<boolean> | null = null
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

  get former(): Former | null {
    return this.#former
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
    if (this.#state === 'stopped') return
    if (state.membership === 'left') {
      if (sent.length > 0) this.add({ kind: 'sent', orders: sent })
      return
    }
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
    const cache = this.#cache
    try {
      return await this.#withRoom(cache, work)
    } catch (error) {
      if (error instanceof CacheGoneError) throw error
      if (this.#state !== 'stopped' && cache === this.#cache) await this.#degrade(error)
      if (this.#isStopped()) throw new CacheGoneError('The cache is closed.', { cause: error })
      return work(this.#cache)
    }
  }

  /** Twice: half of the messages go, then all. */
  async #withRoom<Result>(cache: Cache, work: (cache: Cache) => Promise<Result>): Promise<Result> {
    try {
      return await work(cache)
    } catch (error) {
      if (!(error instanceof CacheFullError) || this.#state === 'stopped' || cache !== this.#cache) throw error
      this.#shrinking ??= this.#shrink(cache).finally(() => {
        this.#shrinking = null
      })
      if (!(await this.#shrinking)) throw error
      return this.#withRoom(cache, work)
    }
  }

  /** False if there is nothing left to give. */
  async #shrink(cache: Cache): Promise<boolean> {
    if (this.#messages <= 0) return false
    this.#keep = this.#messages > fewMessages ? Math.floor(this.#messages / 2) : 0
    const evicted = await makeRoom(cache, this.#keep)
    this.#messages = evicted === 0 ? 0 : this.#messages - evicted
    return evicted > 0
  }

  /** Drops every stored message; returns how many. */
  async forgetMessages(): Promise<number> {
    const gone = await this.transact(forgetMessages)
    this.#messages -= gone
    return gone
  }

  /** Lets go of what it wrote to. */
  async close(): Promise<void> {
    this.stop()
    await Promise.all([this.#cache.close(), this.#former?.cache.close()])
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
    const failed = this.#cache
    const replacement = (await import('../cache/memory-cache.ts')).createMemoryCache()
    const lastPlace = await this.#owner.failed(error, replacement)
    if (this.#cache !== failed || this.#isStopped()) return
    this.#cache = replacement
    this.#former = { cache: failed, lastPlace }
    this.#messages = 0
  }

  #isStopped(): boolean {
    return this.#state === 'stopped'
  }

  #release(): void {
    for (const resolve of [...this.#waiting.splice(0), ...this.#waitingNext.splice(0)]) resolve()
  }
}
