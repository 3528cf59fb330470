/**
 * What becomes of the row of a draft, which all tabs of a device share. Each function is applied to the row as it is in
 * storage, within one transaction, so that what one tab knows is never written over what another has written meanwhile.
 *
 * Of what the device asked the server to save since `base` the row remembers how it looked (`asked`): the answer may be
 * on its way to another tab, or lost. A text of the server that is one of those is no other device's.
 */
import type { Draft as ServerDraft } from '@recado/protocol'
import type { CachedDraft } from '../cache/rows.ts'
import { isLocal, knownFiles, localFiles, withoutBytes, withoutLocal } from './draft-files.ts'
import { fromWire, toWire } from './draft-wire.ts'
import type { DraftContent } from './mail-api.ts'
import { hasWordsOf, holdsAllOf, isSameDraft, mergeDrafts } from './merge-drafts.ts'

export interface Next {
  readonly row: CachedDraft | null
  /** What could not be put together with it, and becomes a draft of its own. */
  readonly copy?: DraftContent
}

export type Step = (row: CachedDraft | null) => Next

/** Without an answer the device asks again on the next connection; more than a few are never open. */
const rememberedAsks = 8

export interface TabSight {
  /** As this tab last knew it to be in storage. */
  readonly seen: CachedDraft | null
  /** The same with what was written in this tab since. */
  readonly mine: CachedDraft | null
  /** As it is in storage. */
  readonly there: CachedDraft | null
}

export interface Writing {
  /** What stood before whoever wrote it. */
  readonly upon: DraftContent | null
  readonly written: DraftContent
  /** What stands in the draft by now. */
  readonly shown: DraftContent | null
}

/** What was written before its writer saw what others had added: theirs stays in it, or becomes a draft of its own. */
export function writeUpon({ upon, written: handed, shown }: Writing): { content: DraftContent; copy?: DraftContent } {
  const written = knownFiles(handed, shown)
  if (!(upon && shown) || isSameDraft(upon, shown) || isSameDraft(written, shown)) return { content: written }
  const merged = mergeDrafts({ base: upon, mine: written, theirs: shown })
  return merged ? { content: merged } : { content: written, copy: shown }
}

/** What was written in this tab, upon what others have written. */
export function joinTabs({ seen, mine, there }: TabSight): Next {
  if (!mine) return { row: there }
  const wrote = !(seen && isSameDraft(seen.content, mine.content))
  if (!there) return { row: wrote || seen.state !== mine.state ? mine : null }
  const moved = !(seen && isSameDraft(seen.content, there.content))
  if (mine.state === 'discarded' && seen?.state !== 'discarded') {
    // What another tab has written since is not what was thrown away.
    return { row: moved ? there : { ...there, state: 'discarded' } }
  }
  if (!wrote) return { row: seen.state === mine.state ? there : { ...there, state: mine.state } }
  const written: CachedDraft = { ...there, content: mine.content, state: 'kept', updatedAt: mine.updatedAt }
  if (isSameDraft(there.content, mine.content)) return { row: there.state === 'discarded' ? written : there }
  if (!moved || there.state === 'discarded') return { row: written }
  const merged = mergeOver(seen?.content ?? null, mine.content, there.content)
  return merged ? { row: { ...written, content: merged } } : { row: written, copy: there.content }
}

/** Two rows of one draft that tabs remember; which of them was written upon the other is not known. */
export function joinRemembered(one: CachedDraft, other: CachedDraft): Next {
  const { row, copy } = chooseRemembered(one, other)
  const asks = [...(one.asked ?? []), ...(other.asked ?? [])]
  return { row: { ...row, asked: asks.slice(-rememberedAsks) }, ...(copy && { copy }) }
}

function chooseRemembered(one: CachedDraft, other: CachedDraft): { row: CachedDraft; copy?: DraftContent } {
  const [earlier, later] = one.updatedAt <= other.updatedAt ? [one, other] : [other, one]
  if (one.state === 'discarded' || other.state === 'discarded') {
    const [kept, thrown] = one.state === 'discarded' ? [other, one] : [one, other]
    return { row: holdsAllOf(thrown.content, kept.content) ? thrown : kept }
  }
  const [older, newer] = one.base.version <= other.base.version ? [one, other] : [other, one]
  const merged = mergeOver(older.base.content, newer.content, older.content)
  return merged ? { row: { ...newer, content: merged, state: 'kept' } } : { row: later, copy: earlier.content }
}

/** Where both changed the same words, one may still hold all of the other's; null if neither does. */
function mergeOver(base: DraftContent | null, mine: DraftContent, theirs: DraftContent): DraftContent | null {
  const merged = base && mergeDrafts({ base, mine, theirs })
  if (merged) return merged
  if (holdsAllOf(mine, theirs)) return mine
  return holdsAllOf(theirs, mine) ? theirs : null
}

/** It is about to be asked for. */
export const asked: Step = row => {
  if (row?.state !== 'kept') return { row }
  const look = looksOf(row.content)
  const before = row.asked ?? []
  return { row: before.at(-1) === look ? row : { ...row, asked: [...before, look].slice(-rememberedAsks) } }
}

/** The server has this content of it. */
export function confirmed(content: DraftContent, version: number): Step {
  return row => (row && version >= row.base.version ? { row: upon(row, content, version) } : { row })
}

/** The server has this, from whatever device. `fresh` is its place if it is new here. */
export function met(theirs: ServerDraft, place: number): Step {
  return row => {
    const { id, version, updatedAt } = theirs
    const content = fromWire(theirs, row?.content)
    const taken: CachedDraft = {
      ...{ order: row?.order ?? place, id, content, updatedAt },
      ...{ base: { version, content: withoutLocal(content) }, state: 'saved' },
      ...(row?.uploads && { uploads: row.uploads }),
    }
    if (!row) return { row: taken }
    if (version <= row.base.version) return { row }
    if (row.asked?.includes(looksOf(content))) return { row: upon(row, content, version) }
    // Somebody went on writing it elsewhere: that is not what was thrown away.
    if (row.state === 'discarded') return { row: taken }
    if (!isUnsaved(row) || isSameDraft(row.content, content)) return { row: taken }
    const merged = mergeOver(row.base.content, row.content, content)
    const state = merged && looksOf(merged) === looksOf(content) ? 'saved' : 'kept'
    const next: CachedDraft = { ...row, content: merged ?? row.content, base: taken.base, state, asked: [] }
    // The text that is being written stays where it is.
    return merged ? { row: next } : { row: next, copy: content }
  }
}

/** Sent or discarded elsewhere: what the server never had of it becomes a draft of its own. */
export const lost: Step = row => (row && isUnsaved(row) ? { row: null, copy: row.content } : { row: null })

export interface SentDraft {
  readonly html: string | undefined
  /** The ids of the files that were this device's. */
  readonly files: readonly string[]
}

/** Its mail is on the server, and took along what stands here; what a tab wrote or chose after that is in no mail. */
export function sent(mail: SentDraft): Step {
  return row => ({ row: row && isSent(row, mail) ? { ...row, state: 'discarded' } : row })
}

export function isSent({ content }: CachedDraft, { html, files }: SentDraft): boolean {
  return (
    (html === undefined || hasWordsOf(html, content.html)) && localFiles(content).every(file => files.includes(file.id))
  )
}

/** The server has thrown it away, too; it may have been taken up again. */
export const deleted: Step = row => ({ row: row?.state === 'discarded' ? null : row })

function upon(row: CachedDraft, content: DraftContent, version: number): CachedDraft {
  const before = row.asked ?? []
  const look = looksOf(content)
  const there = new Set(content.attachments.flatMap(file => (isLocal(file) ? [] : file.mediaId)))
  return {
    ...row,
    content: withoutBytes(row.content, there),
    base: { version, content: withoutBytes(withoutLocal(content), there) },
    state: row.state === 'kept' && looksOf(row.content) === look ? 'saved' : row.state,
    asked: before.slice(before.indexOf(look) + 1),
  }
}

/** What is on this device alone: words, or a file. */
function isUnsaved({ state, content, base }: CachedDraft): boolean {
  if (state === 'discarded') return false
  if (localFiles(content).length > 0) return true
  return state === 'kept' && !(base.content && isSameDraft(content, base.content))
}

function looksOf(content: DraftContent): string {
  return JSON.stringify(toWire(content))
}
