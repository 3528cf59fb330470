/** The name of an emoji between colons, while it is being written and once it is whole. */

export interface EmojiQuery {
  /** Where the first colon stands. */
  readonly start: number
  readonly text: string
}

/** `:` and at least two signs of a name before the caret. A colon after a letter or a digit is punctuation, or a time. */
export function findEmojiQuery(text: string, caret: number): EmojiQuery | null {
  const match = /(?:^|[^\p{L}\p{N}:])(:([\p{L}\p{M}\p{N}_+-]{2,40}))$/u.exec(text.slice(Math.max(0, caret - 64), caret))
  return match ? { start: caret - (match[1]?.length ?? 0), text: match[2] ?? '' } : null
}

/** `:name:` that ends at the caret. */
export function findWholeName(text: string, caret: number): EmojiQuery | null {
  if (text[caret - 1] !== ':') return null
  return findEmojiQuery(text, caret - 1)
}
