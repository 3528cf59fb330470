/** All emoji in the order of their groups, with what they are called in one language. */
import { fold } from '../state/fold.ts'

/** Emoji, group, names between colons; its five tones if it has them; its version if not every system draws it yet. */
export type EmojiRow = readonly [
  emoji: string,
  group: number,
  codes: string,
  tones?: readonly string[],
  version?: number,
]

/** Name, and keywords with bars between them. */
export type EmojiWords = readonly [name: string, keywords: string]

export interface Emoji {
  readonly emoji: string
  readonly group: number
  readonly name: string
  /** Without colons; the first is the best known. */
  readonly codes: readonly string[]
  /** From light to dark; empty for what has no skin. */
  readonly tones: readonly string[]
  /** Folded, for finding: the name and the keywords, and all their words and those of the codes after a space each. */
  readonly words: readonly string[]
  readonly allWords: string
}

export interface EmojiSheet {
  readonly all: readonly Emoji[]
  /** By the emoji without a tone, and with each. */
  readonly byEmoji: ReadonlyMap<string, Emoji>
  readonly byCode: ReadonlyMap<string, Emoji>
}

export function buildSheet(
  rows: readonly EmojiRow[],
  words: readonly EmojiWords[],
  isDrawn: (version: number) => boolean,
): EmojiSheet {
  // Folding one long text is much faster than two thousand short ones.
  const folded = fold(words.map(([name, keywords]) => `${name}|${keywords}`).join('\n')).split('\n')
  const all = rows.flatMap(([emoji, group, codes, tones = [], version = 0], index): readonly Emoji[] => {
    if (!isDrawn(version)) return []
    const name = words[index]?.[0] ?? emoji
    const found = folded[index] ?? ''
    const allWords = ` ${found.replaceAll('|', ' ')} ${codes.replaceAll('_', ' ')}`
    return [{ emoji, group, name, codes: codes.split(' '), tones, words: found.split('|'), allWords }]
  })
  return {
    all,
    byEmoji: new Map(all.flatMap(one => [one.emoji, ...one.tones].map(emoji => [emoji, one] as const))),
    byCode: new Map(all.flatMap(one => one.codes.map(code => [code, one] as const))),
  }
}

/** 0 is the yellow that has none. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5

export function withTone({ emoji, tones }: Emoji, tone: Tone): string {
  return tone === 0 ? emoji : (tones[tone - 1] ?? emoji)
}
