/** What sets a direction for what comes after it (UAX #9): overrides, embeddings, isolates and their ends. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu

/**
 * Somebody's words within a sentence of ours where there are no elements to hold them apart, as `bdi` would: a direction
 * they have or set ends with them.
 */
export function isolate(words: string): string {
  return `\u2068${words.replace(directions, '')}\u2069`
}
