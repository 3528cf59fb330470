import { fold } from '../state/fold.ts'
import type { Emoji, EmojiSheet } from './emoji-sheet.ts'

/** What was asked for, folded: as one name between colons, and as words that must all be there. */
interface Wanted {
  readonly code: string
  readonly words: readonly string[]
}

/** The best first: its very name, then what begins so, then what is only about it. Equals keep the order of the sheet. */
export function searchEmoji(sheet: EmojiSheet, query: string, most: number): readonly Emoji[] {
  const folded = fold(query)
  const wanted = { code: folded.replace(/[\s-]+/gu, '_'), words: folded.split(/[\s_]+/u).filter(word => word !== '') }
  if (wanted.words.length === 0) return []
  return sheet.all
    .map(emoji => ({ emoji, rank: rank(emoji, wanted) }))
    .filter(({ rank }) => rank < worst)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ emoji }) => emoji)
}

const worst = 9

function rank({ codes, words, allWords }: Emoji, { code, words: wanted }: Wanted): number {
  if (codes.includes(code) || words[0] === code.replaceAll('_', ' ')) return 0
  const begun = codes.find(one => one.startsWith(code))
  if (begun !== undefined) return (begun === codes[0] ? 1 : 2) + nearness(begun)
  const [name = '', ...keywords] = words
  const only = wanted.join(' ')
  if (name.startsWith(only)) return 3 + nearness(name)
  if (keywords.includes(only)) return 4
  return wanted.every(word => allWords.includes(` ${word}`)) ? 5 : worst
}

/** Below one: the less is missing from a name, the more likely it is meant. */
function nearness(name: string): number {
  return Math.min(name.length, 99) / 100
}
