/**
 * How well something is named by what was typed: case and accents do not matter, every word typed must be found, and
 * letters may be left out. Pure, and bounded by the length of what is compared.
 */
import { fold } from '../../state/fold.ts'

/** Beyond this nobody types a name. */
const queryLength = 64
const nameLength = 200

/** Folded once; comparing is then cheap enough for thousands at each key. */
export interface Named<Item> {
  readonly item: Item
  readonly names: readonly string[]
}

export function toNamed<Item>(item: Item, names: readonly (string | null | undefined)[]): Named<Item> {
  return { item, names: names.flatMap(name => (name ? [fold(name).slice(0, nameLength)] : [])) }
}

export function toTerms(query: string): readonly string[] {
  return fold(query.slice(0, queryLength))
    .split(/\s+/u)
    .filter(term => term !== '')
}

/** The best first, at most `count`; among equals the order given, which is most recent first. */
export function rank<Item>(items: readonly Named<Item>[], terms: readonly string[], count: number): readonly Item[] {
  if (terms.length === 0) return items.slice(0, count).map(({ item }) => item)
  return items
    .map(({ item, names }, index) => ({ item, index, points: pointsOf(names, terms) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.index - b.index)
    .slice(0, count)
    .map(({ item }) => item)
}

function pointsOf(names: readonly string[], terms: readonly string[]): number {
  let sum = 0
  for (const term of terms) {
    let best = 0
    for (const name of names) best = Math.max(best, pointsFor(name, term))
    if (best === 0) return 0
    sum += best
  }
  return sum
}

/** The whole name, its beginning, the beginning of a word, a part of it, or its letters in order. */
function pointsFor(name: string, term: string): number {
  const at = name.indexOf(term)
  if (at === 0) return name.length === term.length ? 100 : 80
  if (at > 0) return startsWord(name, at) || hasWordStart(name, term) ? 60 : 40
  return term.length > 1 ? pointsInOrder(name, term) : 0
}

function startsWord(name: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(name[at - 1] ?? '')
}

function hasWordStart(name: string, term: string): boolean {
  for (let at = name.indexOf(term); at >= 0; at = name.indexOf(term, at + 1)) if (startsWord(name, at)) return true
  return false
}

/** Letters in order, the first at the start of a word: "mdt" finds "Marina Duarte". Wide gaps count less. */
function pointsInOrder(name: string, term: string): number {
  let at = name.indexOf(term[0] ?? '')
  while (at >= 0 && !startsWord(name, at)) at = name.indexOf(term[0] ?? '', at + 1)
  if (at < 0) return 0
  const first = at
  for (const letter of term.slice(1)) {
    at = name.indexOf(letter, at + 1)
    if (at < 0) return 0
  }
  const gaps = at - first + 1 - term.length
  return Math.max(1, 20 - gaps)
}
