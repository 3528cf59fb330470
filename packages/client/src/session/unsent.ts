/**
 * Text that was not sent when a sign-in ended on this device waits here for the same person's next one.
 *
 * It is moved between databases, which share no transaction, by tabs that do not wait for each other and may die at any
 * step. What makes that safe: the outbox of the sign-in is closed first, so it changes no more; that it was settled is noted
 * in the transaction that takes its entries over, so this is done once, by whichever tab; and whoever takes them notes up to
 * which place. Keys stay: they count per account, so what was sent after all is not sent twice (L3). What was taken back is
 * noted here beforehand, since the memory of a tab that has not heard of it yet is not to be believed.
 */
import type { AccountId } from '@recado/protocol'
import type { Cache, CacheWriter } from '../cache/cache.ts'
import { type ClosedOutbox, closeOutbox, putMissing, requireOpen, takeOverEntries } from '../cache/outbox-rows.ts'
import type { CachedDraft, OutboxEntry, SettledSession, Settlement } from '../cache/rows.ts'
import type { Leftover } from '../engine/outbox-storage.ts'
import type { LeftDraft } from '../mail/left-draft.ts'
import type { CacheFactory } from '../ports.ts'
import type { SavedSession } from '../types.ts'
import { keepDrafts, leftOf, putAll, takeDrafts } from './unsent-drafts.ts'

export interface Left extends Leftover {
  readonly drafts: readonly LeftDraft[]
}

export const nothingLeft: Left = { stored: [], own: [], drafts: [] }

/** Tabs that slept longer than this many sign-ins find out by other means. */
const settledKept = 64

/** So many are remembered: by then every tab has heard of the first. */
const takenBackKept = 256

const stores = ['outbox', 'counters', 'settled', 'takenBack', 'drafts'] as const

const unsentOf = (accountId: AccountId) => `recado-${accountId}-unsent`

export function databaseOf({ account, sessionId }: SavedSession): string {
  return `recado-${account.id}-${sessionId}`
}

interface Ended extends Pick<ClosedOutbox, 'taken' | 'how'> {
  /** As they were when the outbox was closed; null if that is gone, and only the memory of tabs is left. */
  readonly entries: readonly OutboxEntry[] | null
  readonly drafts: readonly CachedDraft[] | 'gone'
  readonly mark: 'settled' | 'none'
}

export class Unsent {
  readonly #caches: CacheFactory
  /** What could not be stored: it lives as long as this program. */
  readonly #memory = new Map<AccountId, { readonly entries: OutboxEntry[]; readonly drafts: CachedDraft[] }>()

  constructor(caches: CacheFactory) {
    this.#caches = caches
  }

  /** The sign-in is over: closes its outbox, and keeps what is in it, or throws it away. */
  async settle(saved: SavedSession, how: Settlement, left: Left): Promise<void> {
    const found = await this.#within(databaseOf(saved), cache => closeOutbox(cache, saved.sessionId, how))
    const isThere = found !== undefined && (found.places > 0 || left.stored.length === 0)
    const closed = isThere ? found : { entries: null, taken: 0, how: found?.how ?? how }
    const drafts = found && !found.isNew ? found.drafts : 'gone'
    await this.#keep(saved, left, { ...closed, drafts, mark: 'settled' })
  }

  /**
   * Its cache is gone: taken away by another tab, which has settled it before, or by the browser, and nobody has. Returns
   * what had become of it by then.
   */
  salvage(saved: SavedSession, left: Left): Promise<Settlement | null> {
    return this.#keep(saved, left, { entries: null, drafts: 'gone', taken: 0, how: 'kept', mark: 'none' })
  }

  /** Hands over what waits for this person to the cache of a new sign-in; returns how much that is. */
  async take({ account }: SavedSession, into: Cache): Promise<number> {
    const name = unsentOf(account.id)
    const stored = (await this.#within(name, unsent => unsent.read(['outbox'], rows => rows.list('outbox')))) ?? []
    const last = stored.at(-1)?.order ?? 0
    if (last > 0) {
      await takeOverEntries(into, stored, last)
      await this.#within(name, unsent =>
        unsent.write(['outbox'], rows => rows.delete('outbox', { from: 0, to: last }), 'strict'),
      )
    }
    const drafts = (await this.#within(name, unsent => takeDrafts(unsent, into))) ?? 0
    return stored.length + drafts + (await this.#takeRemembered(account.id, into))
  }

  async #takeRemembered(accountId: AccountId, into: Cache): Promise<number> {
    const remembered = this.#memory.get(accountId)
    if (!remembered) return 0
    const { entries, drafts } = remembered
    const put = async (rows: CacheWriter) => {
      await requireOpen(rows)
      await putMissing(rows, entries)
      await putAll(rows, drafts)
    }
    await into.write(['outbox', 'counters', 'drafts', 'settled'], put, 'strict')
    this.#memory.delete(accountId)
    return entries.length + drafts.length
  }

  /** Before an entry is taken back: from now on it is not brought up again by a tab that only remembers it. */
  async noteTakenBack({ account }: SavedSession, key: string): Promise<void> {
    await this.#within(unsentOf(account.id), unsent =>
      unsent.write(['takenBack'], rows => noteTakenBack(rows, key), 'strict'),
    )
  }

  /** It was too late. */
  async forgetTakenBack({ account }: SavedSession, key: string): Promise<void> {
    await this.#within(unsentOf(account.id), unsent =>
      unsent.write(['takenBack'], rows => forgetTakenBack(rows, key), 'strict'),
    )
  }

  async #keep(
    { account, sessionId }: SavedSession,
    left: Left,
    { entries, drafts, taken, how, mark }: Ended,
  ): Promise<Settlement | null> {
    const { own, stored } = left
    const outcome = await this.#within(unsentOf(account.id), unsent =>
      unsent.write(
        stores,
        async rows => {
          const before = (await rows.get('settled', sessionId))?.how ?? null
          if (before === 'discarded') return { before }
          if (taken > 0 && before === null) await rows.delete('outbox', { from: 0, to: taken })
          if (how === 'discarded') await deleteByKey(rows, [...(entries ?? []), ...stored, ...own])
          else if (before !== null) await putMissing(rows, own)
          else await putMissing(rows, [...(entries ?? (await notTakenBack(rows, stored))), ...own])
          if (how === 'kept') await keepDrafts(rows, before === null ? drafts : 'settled', left.drafts)
          if (mark === 'settled') await note(rows, { sessionId, how })
          return { before }
        },
        'strict',
      ),
    )
    if (!outcome && how === 'kept') {
      const before = this.#memory.get(account.id) ?? { entries: [], drafts: [] }
      this.#memory.set(account.id, {
        entries: [...before.entries, ...(entries ?? stored), ...own],
        drafts: [...before.drafts, ...left.drafts.flatMap(draft => leftOf(draft, drafts))],
      })
    }
    return outcome?.before ?? null
  }

  /** Undefined where storage is forbidden or fails. */
  async #within<Result>(name: string, work: (cache: Cache) => Promise<Result>): Promise<Result | undefined> {
    try {
      const cache = await this.#caches.open(name, () => undefined)
      try {
        return await work(cache)
      } finally {
        await cache.close()
      }
    } catch {
      return undefined
    }
  }
}

async function deleteByKey(rows: CacheWriter, entries: readonly OutboxEntry[]): Promise<void> {
  const keys = new Set(entries.map(entry => entry.clientMessageId))
  for (const { clientMessageId, order } of await rows.list('outbox')) {
    if (keys.has(clientMessageId)) await rows.delete('outbox', order)
  }
}

async function note(rows: CacheWriter, settled: SettledSession): Promise<void> {
  await rows.put('settled', settled.sessionId, settled)
  const all = await rows.list('settled', { order: 'descending' })
  for (const { sessionId } of all.slice(settledKept)) await rows.delete('settled', sessionId)
}

async function noteTakenBack(rows: CacheWriter, clientMessageId: string): Promise<void> {
  const [last] = await rows.list('takenBack', { order: 'descending', limit: 1 })
  const order = (last?.order ?? 0) + 1
  await rows.put('takenBack', order, { clientMessageId, order })
  await rows.delete('takenBack', { from: 0, to: order - takenBackKept })
}

async function forgetTakenBack(rows: CacheWriter, clientMessageId: string): Promise<void> {
  for (const noted of await rows.list('takenBack')) {
    if (noted.clientMessageId === clientMessageId) await rows.delete('takenBack', noted.order)
  }
}

/** Of what a tab remembers. What it knows to have been tried was not taken back, whatever somebody was about to. */
async function notTakenBack(rows: CacheWriter, entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
  const noted = new Set((await rows.list('takenBack')).map(row => row.clientMessageId))
  return entries.filter(entry => !noted.has(entry.clientMessageId) || (entry.tried && !entry.refused))
}
