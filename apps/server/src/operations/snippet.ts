import type { Snippet } from '@recado/protocol'
import { searchWords } from '../store/folding.ts'

export interface Wanted {
  /** Folded beginnings of words. */
  readonly beginnings: readonly string[]
  /** Folded whole words. */
  readonly whole: ReadonlySet<string>
}

const length = 200
const before = 40
const rangesAtMost = 20
const word = /[\p{L}\p{N}\p{M}]+/gu

/** The piece of a text around the first word that matched, in one line; its beginning if none did. */
export function snippetOf(text: string, wanted: Wanted): Snippet {
  const found = findWords(text, wanted)
  const first = found[0]?.[0] ?? 0
  const start = first <= before ? 0 : startOfWord(text, first - before)
  const end = endOf(text, start + length)
  const [opening, closing] = [start === 0 ? '' : '…', end === text.length ? '' : '…']
  const shift = opening.length - start
  return {
    text: `${opening}${text.slice(start, end).replace(/\s/g, ' ')}${closing}`,
    ranges: found.filter(([, to]) => to <= end).map(([from, to]): [number, number] => [from + shift, to + shift]),
  }
}

function findWords(text: string, { beginnings, whole }: Wanted): [number, number][] {
  const found: [number, number][] = []
  for (const match of text.matchAll(word)) {
    const isMatch = searchWords(match[0]).some(
      folded => whole.has(folded) || beginnings.some(beginning => isBegun(folded, beginning)),
    )
    if (!isMatch) continue
    found.push([match.index, match.index + match[0].length])
    if (found.length >= rangesAtMost || match.index > (found[0]?.[0] ?? 0) + length) break
  }
  return found
}

/** A single letter is asked for as a word. */
function isBegun(folded: string, beginning: string): boolean {
  return [...beginning].length > 1 ? folded.startsWith(beginning) : folded === beginning
}

function startOfWord(text: string, at: number): number {
  const space = text.slice(at, at + before).search(/\s/)
  return space < 0 ? endOf(text, at) : at + space + 1
}

/** Never between the halves of a character. */
function endOf(text: string, at: number): number {
  if (at >= text.length) return text.length
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at
}
