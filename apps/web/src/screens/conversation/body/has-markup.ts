/**
 * Whether a text may hold mark-up at all: most messages do not, and are shown without ever loading the parser. So are texts
 * that are nothing but mark-up: beyond these bounds it was not written to be read, and parsing could take long.
 */
const anyMark = /[*_~`\\]|\]\(|^[ \t]*(?:>|#{1,6}[ \t]|[-+][ \t]|\d{1,9}[.)][ \t])/mu
const marks = /[*_~[\]`\\>#]|[-+][ \t]|\d[.)][ \t]/gu
const deepNest = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){16}/mu

/** Much for 20,000 characters of prose or code, and parsed within a few milliseconds whatever they are. */
const marksAtMost = 2_500

export function hasMarkup(body: string): boolean {
  if (!anyMark.test(body) || deepNest.test(body)) return false
  if (body.length <= marksAtMost) return true
  let count = 0
  for (const _ of body.matchAll(marks)) {
    count += 1
    if (count > marksAtMost) return false
  }
  return true
}
