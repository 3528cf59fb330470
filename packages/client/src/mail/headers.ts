/**
 * Mails as lists show them: what the server says, by the highest version, and what it will say once one's own wishes are
 * there. Everything that this device keeps of them is in memory, so that any list is a look through it.
 */
import type { MailHeader, MailId, MailStatuses } from '@recado/protocol'
import { newerHeader } from '../cache/mail-headers.ts'
import type { Core } from '../engine/core.ts'

/** Read at once from storage: the first part is what somebody sees. */
const firstRead = 300
const furtherRead = 2_000

export class Headers {
  readonly #core: Core
  readonly #changed: (ids: ReadonlySet<MailId>) => void
  readonly #all = new Map<MailId, MailHeader>()

  constructor(core: Core, changed: (ids: ReadonlySet<MailId>) => void) {
    this.#core = core
    this.#changed = changed
  }

  get size(): number {
    return this.#all.size
  }

  get(id: MailId): MailHeader | undefined {
    return this.#all.get(id)
  }

  all(): Iterable<MailHeader> {
    return this.#all.values()
  }

  /** Of one's own stream: up to there at least events about mails have come. */
  newestVersion(): number {
    let newest = 0
    for (const { entry } of this.#all.values()) newest = Math.max(newest, entry.version)
    return newest
  }

  /** Newest ids first. */
  async load(): Promise<void> {
    let below: number | null = Number.MAX_SAFE_INTEGER
    for (let limit = firstRead; below !== null; limit = furtherRead) below = await this.#read(below, limit)
  }

  /** Returns below which id to go on. */
  async #read(below: number, limit: number): Promise<number | null> {
    const range = { from: 0 as MailId, to: (below - 1) as MailId }
    const read = this.#core.writer.transact(cache =>
      cache.read(['mailHeaders'], rows => rows.list('mailHeaders', { range, limit, order: 'descending' })),
    )
    const found = await this.#core.guard(read)
    if (!found) return null
    this.#take(found)
    return found.length < limit ? null : (found.at(-1)?.id ?? null)
  }

  /** `stored`: they are on their way into the cache already. */
  learn(items: readonly MailHeader[], where: 'stored' | 'new'): void {
    const fresh = this.#take(items)
    if (where === 'new' && fresh.length > 0) this.#store(fresh)
  }

  learnStatuses(id: MailId, statuses: MailStatuses): void {
    const known = this.#all.get(id)
    if (!known || (known.statuses && known.statuses.version >= statuses.version)) return
    this.learn([{ ...known, statuses }], 'new')
  }

  forget(ids: readonly MailId[]): void {
    for (const id of ids) this.#all.delete(id)
    this.#changed(new Set(ids))
  }

  /** For storage that takes over. */
  store(): void {
    this.#store([...this.#all.values()])
  }

  #take(items: readonly MailHeader[]): MailHeader[] {
    const fresh: MailHeader[] = []
    for (const item of items) {
      const known = this.#all.get(item.id)
      const next = newerHeader(known, item)
      if (known && isSame(known, next)) continue
      this.#all.set(item.id, next)
      fresh.push(next)
    }
    if (fresh.length > 0) this.#changed(new Set(fresh.map(header => header.id)))
    return fresh
  }

  #store(items: readonly MailHeader[]): void {
    const { model, writer } = this.#core
    writer.add({ kind: 'mails', epoch: model.epoch ?? '', items })
  }
}

function isSame(a: MailHeader, b: MailHeader): boolean {
  return a === b || (a.entry.version === b.entry.version && a.statuses?.version === b.statuses?.version)
}
