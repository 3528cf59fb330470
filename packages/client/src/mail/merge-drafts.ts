/**
 * One draft out of two that were made of the same one: what only one side changed is as that side has it, recipients come
 * and go as sets. Null where both changed the same words: then neither may overwrite the other.
 */
import type { DraftContent } from './mail-api.ts'

export interface Sides {
  readonly base: DraftContent
  readonly mine: DraftContent
  readonly theirs: DraftContent
}

export function mergeDrafts({ base, mine, theirs }: Sides): DraftContent | null {
  const subject = choose(base.subject, mine.subject, theirs.subject)
  const html = mergeHtml(base.html, mine.html, theirs.html)
  if (subject === null || html === null) return null
  return {
    to: mergeSet(base.to, mine.to, theirs.to),
    cc: mergeSet(base.cc, mine.cc, theirs.cc),
    bcc: mergeSet(base.bcc, mine.bcc, theirs.bcc),
    subject,
    html,
    inReplyTo: choose(base.inReplyTo, mine.inReplyTo, theirs.inReplyTo) ?? mine.inReplyTo,
    forwardOf: choose(base.forwardOf, mine.forwardOf, theirs.forwardOf) ?? mine.forwardOf,
    attachments: mergeSet(base.attachments, mine.attachments, theirs.attachments),
  }
}

export function isSameDraft(a: DraftContent, b: DraftContent): boolean {
  return a === b || JSON.stringify(written(a)) === JSON.stringify(written(b))
}

/** Of a file that is not uploaded yet its name has to do. */
function written({ to, cc, bcc, subject, html, inReplyTo, forwardOf, attachments }: DraftContent) {
  const names = attachments.map(file => ('mediaId' in file ? file.mediaId : file.name))
  return [to, cc, bcc, subject, html, inReplyTo, forwardOf, names]
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

/** By tags and words, so that no tag is torn apart; null if both changed the same stretch. */
function mergeHtml(base: string, mine: string, theirs: string): string | null {
  const chosen = choose(base, mine, theirs)
  if (chosen !== null) return chosen
  const tokens = tokenize(base)
  const [first, second] = [findChange(tokens, tokenize(mine)), findChange(tokens, tokenize(theirs))].sort(
    (a, b) => a.at - b.at || a.end - b.end,
  )
  if (!first || !second || first.end >= second.at) return null
  return [
    ...tokens.slice(0, first.at),
    ...first.added,
    ...tokens.slice(first.end, second.at),
    ...second.added,
    ...tokens.slice(second.end),
  ].join('')
}

function tokenize(html: string): string[] {
  return html.match(/<[^>]*>|[^<\s]+|\s+|</g) ?? []
}

/** The stretch of the base that was replaced, and by what. */
interface Replaced {
  readonly at: number
  readonly end: number
  readonly added: readonly string[]
}

function findChange(base: readonly string[], tokens: readonly string[]): Replaced {
  const most = Math.min(base.length, tokens.length)
  let at = 0
  while (at < most && base[at] === tokens[at]) at += 1
  let same = 0
  while (same < most - at && base[base.length - 1 - same] === tokens[tokens.length - 1 - same]) same += 1
  return { at, end: base.length - same, added: tokens.slice(at, tokens.length - same) }
}
