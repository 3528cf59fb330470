/**
 * Where the entries of the outbox are kept: in the cache, which all tabs share, or after that was given up in the memory of
 * this tab. What was stored by then is still there: other tabs may send it or take it back, and the next start will find it,
 * so what happens to it here is told there as far as that still answers.
 */
import type { Problem } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import { appendEntry, keepFiles, refuseEntries, removeEntry, renewEntry, tryEntries } from '../cache/outbox-rows.ts'
import type { OutboxEntry, QueuedFile, UnplacedEntry } from '../cache/rows.ts'
import type { Writer } from './writer.ts'

/** What a tab still holds when its sign-in ends. */
export interface Leftover {
  /** As it last knew the stored outbox, which all tabs share. */
  readonly stored: readonly OutboxEntry[]
  /** In its own memory alone. */
  readonly own: readonly OutboxEntry[]
}

/** Between the places that other tabs may still give away and those given away in memory. */
export const placesApart = 1_000_000

const readAll = (cache: Cache) => cache.read(['outbox'], transaction => transaction.list('outbox'))

export class OutboxStorage {
  readonly #writer: Writer

  constructor(writer: Writer) {
    this.#writer = writer
  }

  append(entry: UnplacedEntry): Promise<OutboxEntry> {
    return this.#writer.transact(cache => appendEntry(cache, entry))
  }

  /** All there is, other tabs' too. */
  async list(): Promise<readonly OutboxEntry[]> {
    const here = await this.#writer.transact(readAll)
    const { former } = this.#writer
    const there = former && (await readAll(former.cache).catch(() => null))
    return there ? [...there, ...here.filter(entry => entry.order > former.lastPlace)] : here
  }

  /** Of one that is also in storage that was given up, only that can say whether it is still there to be taken back. */
  async remove(order: number): Promise<boolean> {
    const former = this.#formerOf([order])
    if (former && !(await removeEntry(former.cache, order).catch(() => false))) return false
    const removed = await this.#writer.transact(cache => removeEntry(cache, order))
    return removed || former !== null
  }

  async renew(order: number, clientMessageId: string): Promise<OutboxEntry | null> {
    const former = this.#formerOf([order])
    if (former) await removeEntry(former.cache, order).catch(() => false)
    return this.#writer.transact(cache => renewEntry(cache, order, clientMessageId))
  }

  /** Returns those that are still there. Storage that does not answer has no say: sending goes on. */
  async try(orders: readonly number[]): Promise<readonly number[]> {
    const here = await this.#writer.transact(cache => tryEntries(cache, orders))
    const former = this.#formerOf(orders)
    if (!former) return here
    const shared = orders.filter(order => order <= former.lastPlace)
    const there = new Set(await tryEntries(former.cache, shared).catch(() => shared))
    return here.filter(order => order > former.lastPlace || there.has(order))
  }

  /** Notes the uploads of its files, so that they go on after a restart. */
  async noteFiles(order: number, files: readonly QueuedFile[]): Promise<void> {
    await this.#writer.transact(cache => keepFiles(cache, order, files))
  }

  async refuse(orders: readonly number[], problem: Problem): Promise<void> {
    const former = this.#formerOf(orders)
    if (former) {
      const shared = orders.filter(order => order <= former.lastPlace)
      await refuseEntries(former.cache, shared, problem).catch(() => undefined)
    }
    await this.#writer.transact(cache => refuseEntries(cache, orders, problem))
  }

  /** They have left the outbox: the next start need not ask for them again, though that would do no harm (L3). */
  async forget(orders: readonly number[]): Promise<void> {
    const former = this.#formerOf(orders)
    if (!former) return
    const shared = orders.filter(order => order <= former.lastPlace)
    const deleted = former.cache.write(['outbox'], async rows => {
      for (const order of shared) await rows.delete('outbox', order)
    })
    await deleted.catch(() => undefined)
  }

  /** Divides by where they are. */
  divide(entries: readonly OutboxEntry[]): Leftover {
    const lastPlace = this.#writer.former?.lastPlace ?? Number.POSITIVE_INFINITY
    return {
      stored: entries.filter(entry => entry.order <= lastPlace),
      own: entries.filter(entry => entry.order > lastPlace),
    }
  }

  #formerOf(orders: readonly number[]) {
    const { former } = this.#writer
    return former && orders.some(order => order <= former.lastPlace) ? former : null
  }
}
