/** What sets a direction for what comes after it (UAX #9): overrides, embeddings, isolates and their ends. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu

/**
 * Somebody's words within a sentence of ours that is a string: a direction they have or set ends with them. On screen the
 * sentence goes through `Isolated`, which puts elements in place of the signs.
 */
export function isolate(words: string): string {
  return `\u2068${words.replace(directions, '')}\u2069`
}
