/**
 * Drafts that no server has as they are, when a sign-in ends: what storage had of them and what each tab remembers finds
 * together here, however late a tab comes. What cannot be told apart from a further text lies beside it, and is put together
 * by the mail part that loads it.
 */
import type { Cache, CacheWriter } from '../cache/cache.ts'
import { requireOpen } from '../cache/outbox-rows.ts'
import type { CachedDraft } from '../cache/rows.ts'
import type { LeftDraft } from '../mail/left-draft.ts'

/** What became of the storage of the sign-in: its rows, taken by nobody else; or the browser took it, or another tab settled it. */
export type StoredDrafts = readonly CachedDraft[] | 'gone' | 'settled'

/** Into the database of what waits, within one transaction of it. */
export async function keepDrafts(rows: CacheWriter, stored: StoredDrafts, left: readonly LeftDraft[]): Promise<void> {
  const waiting = new Map((await rows.list('drafts')).map(row => [row.id, row]))
  const copies: CachedDraft[] = []
  const put = async (id: string, kept: readonly CachedDraft[]) => {
    copies.push(...kept.filter(row => row.id !== id))
    await putAll(
      rows,
      kept.filter(row => row.id === id),
    )
  }
  for (const draft of left) {
    const before = waiting.get(draft.id)
    if (!before) await put(draft.id, leftOf(draft, stored))
    else if (!(stored === 'settled' && draft.isStored)) {
      await rows.delete('drafts', before.order)
      await put(draft.id, draft.beside(before))
    }
  }
  if (typeof stored !== 'string') {
    const remembered = new Set(left.filter(({ id }) => !waiting.has(id)).map(({ id }) => id))
    await putAll(
      rows,
      stored.filter(({ id }) => !remembered.has(id)),
    )
  }
  await putCopies(rows, copies)
}

/** Another tab may have made the same copy. */
async function putCopies(rows: CacheWriter, copies: readonly CachedDraft[]): Promise<void> {
  const known = new Set((await rows.list('drafts')).map(({ content }) => JSON.stringify(content)))
  await putAll(
    rows,
    copies.filter(({ content }) => !known.has(JSON.stringify(content))),
  )
}

export function leftOf(draft: LeftDraft, stored: StoredDrafts): readonly CachedDraft[] {
  if (stored === 'gone') return draft.alone()
  if (stored === 'settled') return draft.isStored ? [] : draft.alone()
  return draft.upon(stored.find(({ id }) => id === draft.id) ?? null)
}

/** Hands over what waits to a sign-in that is not over; what comes meanwhile stays. Returns how many drafts that are. */
export async function takeDrafts(unsent: Cache, into: Cache): Promise<number> {
  const drafts = await unsent.read(['drafts'], rows => rows.list('drafts'))
  if (drafts.length === 0) return 0
  const put = async (rows: CacheWriter) => {
    await requireOpen(rows)
    await putAll(rows, drafts)
  }
  await into.write(['drafts', 'settled'], put, 'strict')
  await unsent.write(
    ['drafts'],
    async rows => {
      for (const draft of drafts) {
        const row = await rows.get('drafts', draft.order)
        if (row && isSame(row, draft)) await rows.delete('drafts', draft.order)
      }
    },
    'strict',
  )
  return drafts.length
}

/** Twice is once; what the server has is not kept. */
export async function putAll(rows: CacheWriter, drafts: readonly CachedDraft[]): Promise<void> {
  const there = await rows.list('drafts')
  const places = new Set(there.map(({ order }) => order))
  for (const draft of drafts) {
    if (isOnServer(draft) || there.some(row => isSame(row, draft))) continue
    let { order } = draft
    while (places.has(order)) order += 1
    places.add(order)
    await rows.put('drafts', order, { ...draft, order })
  }
}

/** All of it: of its files too. */
function isOnServer({ state, content }: CachedDraft): boolean {
  return state === 'saved' && content.attachments.every(file => 'mediaId' in file)
}

function isSame(one: CachedDraft, other: CachedDraft): boolean {
  return lookOf(one) === lookOf(other)
}

function lookOf({ id, state, content }: CachedDraft): string {
  return JSON.stringify([id, state, content])
}
