/** What sets a direction for what comes after it (UAX #9): overrides, embeddings, isolates and their ends. */
const directions = /[\u202A-\u202E\u2066-\u2069]/gu

/**
 * Somebody's words within a sentence of ours that is a string: a direction they have or set ends with them. On screen the
 * sentence goes through `Isolated`, which puts elements in place of the signs.
 */
export function isolate(words: string): string {
  return `\u2068${words.replace(directions, '')}\u2069`
}

const overrides = /[\u202D\u202E]/gu

/**
 * With no sign that reverses what comes after it: "\u202Egpj.exe" must not read as a picture, nor turn the rest of its line. In
 * place of each stands one that does nothing, so that places in the text stay what they are.
 */
export function withoutOverrides(words: string): string {
  return words.replace(overrides, '\u2060')
}
