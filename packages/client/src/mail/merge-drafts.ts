/**
 * One draft out of two that were made of the same one: what only one side changed is as that side has it, recipients come
 * and go as sets. Null where both changed the same words: then neither may overwrite the other.
 */
import { limits, type MediaId } from '@recado/protocol'
import { isLocal } from './draft-files.ts'
import type { DraftAttachment, DraftContent } from './mail-api.ts'

export interface Sides {
  readonly base: DraftContent
  readonly mine: DraftContent
  readonly theirs: DraftContent
}

export function mergeDrafts({ base, mine, theirs }: Sides): DraftContent | null {
  const subject = choose(base.subject, mine.subject, theirs.subject)
  const html = mergeHtml(base.html, mine.html, theirs.html)
  const attachments = mergeFiles(base.attachments, mine.attachments, theirs.attachments)
  if (subject === null || html === null || attachments === null) return null
  return {
    to: mergeSet(base.to, mine.to, theirs.to),
    cc: mergeSet(base.cc, mine.cc, theirs.cc),
    bcc: mergeSet(base.bcc, mine.bcc, theirs.bcc),
    subject,
    html,
    inReplyTo: choose(base.inReplyTo, mine.inReplyTo, theirs.inReplyTo) ?? mine.inReplyTo,
    forwardOf: choose(base.forwardOf, mine.forwardOf, theirs.forwardOf) ?? mine.forwardOf,
    attachments,
  }
}

export function isSameDraft(a: DraftContent, b: DraftContent): boolean {
  return a === b || JSON.stringify(written(a)) === JSON.stringify(written(b))
}

/** Whether every word, recipient and file of `part` is also in `whole`, in its order. */
export function holdsAllOf(whole: DraftContent, part: DraftContent): boolean {
  const has = (all: readonly unknown[], some: readonly unknown[]) => {
    const known = new Set(all.map(item => JSON.stringify(item)))
    return some.every(item => known.has(JSON.stringify(item)))
  }
  const [all, some] = [written(whole), written(part)]
  return (
    hasWordsOf(whole.subject, part.subject) &&
    hasWordsOf(whole.html, part.html) &&
    (['to', 'cc', 'bcc', 'files'] as const).every(field => has(all[field], some[field]))
  )
}

export function hasWordsOf(whole: string, part: string): boolean {
  return isWithin(tokenize(whole), tokenize(part))
}

function isWithin(all: readonly string[], some: readonly string[]): boolean {
  let found = 0
  for (const token of all) if (token === some[found]) found += 1
  return found === some.length
}

function written({ to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments }: DraftContent) {
  const files = attachments.map(file => (isLocal(file) ? ['here', file.id] : file.mediaId))
  return { to, cc, bcc, subject, html, inReplyTo, forwardOf, files }
}

function choose<Value>(base: Value, mine: Value, theirs: Value): Value | null {
  if (mine === base || mine === theirs) return theirs
  return theirs === base ? mine : null
}

function mergeSet<Item>(base: readonly Item[], mine: readonly Item[], theirs: readonly Item[]): readonly Item[] {
  const keys = (items: readonly Item[]) => new Map(items.map(item => [JSON.stringify(item), item]))
  const [before, own, other] = [keys(base), keys(mine), keys(theirs)]
  const merged = new Map([...own].filter(([key]) => other.has(key) || !before.has(key)))
  for (const [key, item] of other) if (!before.has(key)) merged.set(key, item)
  return [...merged.values()]
}

type Files = readonly DraftAttachment[]

/** By what they are called on this device, before and after they are on the server. Null where a mail cannot take all of them. */
function mergeFiles(base: Files, mine: Files, theirs: Files): Files | null {
  const names = new Map<MediaId, string>()
  for (const file of [...base, ...mine, ...theirs]) {
    if (!isLocal(file) && file.id !== undefined) names.set(file.mediaId, file.id)
  }
  const nameOf = (file: DraftAttachment) => file.id ?? (isLocal(file) ? '' : (names.get(file.mediaId) ?? file.mediaId))
  const byName = (files: Files) => new Map(files.map(file => [nameOf(file), file]))
  const [before, own, other] = [byName(base), byName(mine), byName(theirs)]
  const merged = new Map([...own].filter(([name]) => other.has(name) || !before.has(name)))
  for (const [name, file] of other) {
    const known = merged.get(name)
    // What is on the server by now is not brought up again.
    if (known ? isLocal(known) : !before.has(name)) merged.set(name, file)
  }
  const most = Math.max(limits.attachmentsPerMail, mine.length, theirs.length)
  return merged.size > most ? null : [...merged.values()]
}

/** By tags and words, so that no tag is torn apart; null if both changed the same stretch. */
function mergeHtml(base: string, mine: string, theirs: string): string | null {
  const chosen = choose(base, mine, theirs)
  if (chosen !== null) return chosen
  const tokens = tokenize(base)
  const changes = unite(diff(tokens, tokenize(mine)), diff(tokens, tokenize(theirs)))
  if (!changes) return null
  const merged: string[] = []
  let from = 0
  for (const { at, end, added } of changes) {
    merged.push(...tokens.slice(from, at), ...added)
    from = end
  }
  return [...merged, ...tokens.slice(from)].join('')
}

function tokenize(html: string): string[] {
  return html.match(/<[^>]*>|[^<\s]+|\s+|</g) ?? []
}

/** A stretch of the base that was replaced, and by what. */
interface Replaced {
  readonly at: number
  readonly end: number
  readonly added: readonly string[]
}

/** What both did the same is done once; null where they did different things to the same place. */
function unite(mine: readonly Replaced[], theirs: readonly Replaced[]): readonly Replaced[] | null {
  const all = [...mine, ...theirs].sort((a, b) => a.at - b.at || a.end - b.end)
  const united: Replaced[] = []
  for (const change of all) {
    const before = united.at(-1)
    if (before && isSame(before, change)) continue
    if (before && change.at <= before.end) return null
    united.push(change)
  }
  return united
}

function isSame(a: Replaced, b: Replaced): boolean {
  return a.at === b.at && a.end === b.end && a.added.join('') === b.added.join('')
}

/** A longer comparison takes one stretch for the whole: it is found out to be the same words more often, and nothing is lost. */
const mostCells = 4_000_000

function diff(base: readonly string[], tokens: readonly string[]): Replaced[] {
  const { at, end, added } = trim(base, tokens)
  const removed = base.slice(at, end)
  if (removed.length === 0 || added.length === 0 || removed.length * added.length > mostCells)
    return [{ at, end, added }]
  const width = added.length + 1
  const common = countCommon(removed, added)
  const changes: Replaced[] = []
  let [i, j] = [0, 0]
  while (i < removed.length || j < added.length) {
    const [startI, startJ] = [i, j]
    while ((i < removed.length || j < added.length) && removed[i] !== added[j]) {
      const down = i < removed.length ? (common[(i + 1) * width + j] ?? 0) : -1
      const right = j < added.length ? (common[i * width + j + 1] ?? 0) : -1
      if (down >= right) i += 1
      else j += 1
    }
    if (i > startI || j > startJ) changes.push({ at: at + startI, end: at + i, added: added.slice(startJ, j) })
    while (i < removed.length && removed[i] === added[j]) {
      i += 1
      j += 1
    }
  }
  return changes
}

/** How many tokens both have in common from each pair of places on. */
function countCommon(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [down, right] = [common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0]
      common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right)
    }
  }
  return common
}

function trim(base: readonly string[], tokens: readonly string[]): Replaced {
  const most = Math.min(base.length, tokens.length)
  let at = 0
  while (at < most && base[at] === tokens[at]) at += 1
  let same = 0
  while (same < most - at && base[base.length - 1 - same] === tokens[tokens.length - 1 - same]) same += 1
  return { at, end: base.length - same, added: tokens.slice(at, tokens.length - same) }
}
