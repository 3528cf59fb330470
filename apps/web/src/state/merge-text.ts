/**
 * One text out of two that were made from the same one at the same time. No word of either is lost, and it does not matter
 * which of the two is called the first, so that whoever merges the same comes to the same.
 */

/** The stretch of the base that was replaced, and by what. */
interface Change {
  readonly at: number
  readonly end: number
  readonly added: string
}

export function mergeText(base: string, one: string, other: string): string {
  if (one === other || other === base) return one
  if (one === base) return other
  const first = findChange(base, one)
  const second = findChange(base, other)
  if (first.end < second.at || (first.end === second.at && !isSamePlace(first, second)))
    return applyBoth(base, first, second)
  if (second.end < first.at || (second.end === first.at && !isSamePlace(first, second)))
    return applyBoth(base, second, first)
  return joinBoth(base, first, second)
}

function findChange(base: string, text: string): Change {
  const most = Math.min(base.length, text.length)
  let at = 0
  while (at < most && base[at] === text[at]) at += 1
  let same = 0
  while (same < most - at && base[base.length - 1 - same] === text[text.length - 1 - same]) same += 1
  return { at, end: base.length - same, added: text.slice(at, text.length - same) }
}

/** Two insertions between the same letters: neither comes before the other. */
function isSamePlace(one: Change, other: Change): boolean {
  return one.at === one.end && other.at === other.end && one.at === other.at
}

function applyBoth(base: string, before: Change, after: Change): string {
  return (
    base.slice(0, before.at) + before.added + base.slice(before.end, after.at) + after.added + base.slice(after.end)
  )
}

/** Both versions of what both changed, one after the other: what goes on with the line before what starts another. */
function joinBoth(base: string, one: Change, other: Change): string {
  const at = Math.min(one.at, other.at)
  const end = Math.max(one.end, other.end)
  const versionOf = (change: Change) => base.slice(at, change.at) + change.added + base.slice(change.end, end)
  const [first = '', second = ''] = [versionOf(one), versionOf(other)].sort(compareVersions)
  if (first.includes(second)) return base.slice(0, at) + first + base.slice(end)
  if (second.includes(first)) return base.slice(0, at) + second + base.slice(end)
  const between = first.endsWith('\n') || second.startsWith('\n') ? '' : '\n'
  return base.slice(0, at) + first + between + second + base.slice(end)
}

function compareVersions(one: string, other: string): number {
  const breaks = Number(one.startsWith('\n')) - Number(other.startsWith('\n'))
  if (breaks !== 0) return breaks
  return one < other ? -1 : one > other ? 1 : 0
}
