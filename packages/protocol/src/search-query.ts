/**
 * What somebody types to search: words (each from the beginning of a word), "phrases" (whole words in their order), and operators.
 * One reading of it for the server and for the device that searches without a network. Whatever is no operator is words.
 */

export interface SearchQuery {
  readonly words: readonly string[]
  readonly phrases: readonly string[]
  /** Names as they were typed. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly in: readonly string[]
  readonly has: readonly SearchTrait[]
  readonly is: readonly SearchState[]
  /** Milliseconds since 1970: not at or after this. */
  readonly before: number | null
  /** At or after this. */
  readonly after: number | null
  /** Operators whose value means nothing, as they were typed: nothing can match them. */
  readonly unknown: readonly string[]
}

const traits = ['attachment', 'image', 'link'] as const
export type SearchTrait = (typeof traits)[number]
const states = ['unread', 'starred'] as const
export type SearchState = (typeof states)[number]

/** An operator with its value, which may stand in quotes; a phrase; or a run of other characters. */
const part = /(?<=^|\s)(from|to|in|has|is|before|after):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|[^\s"]+/giu
const dateForm = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:.]+Z?)?)?)?$/

/** Dates are days of UTC, or times (ISO 8601). */
export function parseSearchQuery(text: string): SearchQuery {
  const query = {
    words: [] as string[],
    phrases: [] as string[],
    from: [] as string[],
    to: [] as string[],
    in: [] as string[],
    has: [] as SearchTrait[],
    is: [] as SearchState[],
    before: null as number | null,
    after: null as number | null,
    unknown: [] as string[],
  }
  for (const [whole, operator, quoted, plain, phrase] of text.matchAll(part)) {
    const value = (quoted ?? plain ?? '').trim()
    if (operator === undefined) {
      if (phrase === undefined) query.words.push(whole)
      else if (phrase.trim() !== '') query.phrases.push(phrase)
    } else if (!take(query, operator.toLowerCase(), value)) query.unknown.push(whole)
  }
  return query
}

type Mutable<Query> = {
  -readonly [Key in keyof Query]: Query[Key] extends readonly (infer Item)[] ? Item[] : Query[Key]
}

/** False if the value means nothing. An operator that is still being typed asks for nothing. */
function take(query: Mutable<SearchQuery>, operator: string, value: string): boolean {
  if (value === '') return true
  switch (operator) {
    case 'from':
    case 'to':
    case 'in':
      query[operator].push(value)
      return true
    case 'has':
      return push(query.has, traits, value.toLowerCase() === 'file' ? 'attachment' : value)
    case 'is':
      return push(query.is, states, value)
    default: {
      const time = dateForm.test(value) ? Date.parse(value) : Number.NaN
      if (Number.isNaN(time)) return false
      if (operator === 'before') query.before = Math.min(query.before ?? time, time)
      else query.after = Math.max(query.after ?? time, time)
      return true
    }
  }
}

function push<Value extends string>(list: Value[], known: readonly Value[], value: string): boolean {
  const found = known.find(each => each === value.toLowerCase())
  if (found !== undefined) list.push(found)
  return found !== undefined
}
