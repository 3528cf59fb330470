/**
 * How texts are compared when somebody searches: without case, accents and compatibility forms, and each term of the query
 * from the beginning of a word. Scripts that write no spaces between words are found anywhere.
 */

/** What a person types into a search field; more than this says nothing more. */
const queryLength = 200
const queryTerms = 8

/** Folded terms, all of which a text must hold. */
export type Query = readonly Term[]

interface Term {
  readonly text: string
  readonly at: 'word-start' | 'anywhere'
}

const beyondAscii = /[^ -~\s]/
const marks = /\p{M}+/gu
const word = /[\p{L}\p{N}]+/gu
const inWord = /[\p{L}\p{N}]/u
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

export function fold(text: string): string {
  const lower = text.toLowerCase()
  return beyondAscii.test(lower) ? lower.normalize('NFKD').replace(marks, '').replaceAll('ς', 'σ') : lower
}

/** Empty if there is nothing to look for. */
export function parseQuery(query: string): Query {
  const folded = fold(query.slice(0, queryLength)).trim()
  const words = folded.match(word)?.slice(0, queryTerms) ?? []
  // Without a letter or a digit, as in a lone emoji, the query is looked for as it stands.
  if (words.length === 0) return folded === '' ? [] : [{ text: folded, at: 'anywhere' }]
  return [...new Set(words)].map(text => ({ text, at: unspaced.test(text) ? 'anywhere' : 'word-start' }))
}

export function matches(folded: string, query: Query): boolean {
  return query.length > 0 && query.every(term => findTerm(folded, term, 0) >= 0)
}

function findTerm(folded: string, { text, at }: Term, from: number): number {
  for (let found = folded.indexOf(text, from); found >= 0; found = folded.indexOf(text, found + 1)) {
    if (at === 'anywhere' || found === 0 || !inWord.test(folded[found - 1] ?? '')) return found
  }
  return -1
}

/** From (included) and to (excluded), in UTF-16 units of the text as written. */
export type TextRange = readonly [number, number]

const rangesAtMost = 50

/** Where the query's terms stand in a text: sorted, without overlap; empty if the text does not match. */
export function findRanges(text: string, query: Query): readonly TextRange[] {
  const { folded, offsets } = foldWithOffsets(text)
  if (!matches(folded, query)) return []
  const found: [number, number][] = []
  for (const term of query) {
    for (let at = findTerm(folded, term, 0); at >= 0; at = findTerm(folded, term, at + term.text.length)) {
      found.push([offsets[at] ?? 0, offsets[at + term.text.length] ?? text.length])
      if (found.length >= rangesAtMost * queryTerms) break
    }
  }
  return merge(found.sort((a, b) => a[0] - b[0])).slice(0, rangesAtMost)
}

/** For each unit of the folded text, and for its end, where it came from. A letter takes the marks after it along. */
function foldWithOffsets(text: string): { readonly folded: string; readonly offsets: readonly number[] } {
  let folded = ''
  const offsets: number[] = []
  let at = 0
  for (const character of text) {
    const part = fold(character)
    for (let unit = 0; unit < part.length; unit += 1) offsets.push(at)
    folded += part
    at += character.length
  }
  offsets.push(text.length)
  return { folded, offsets }
}

function merge(sorted: readonly [number, number][]): readonly TextRange[] {
  const merged: [number, number][] = []
  for (const [from, to] of sorted) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}
