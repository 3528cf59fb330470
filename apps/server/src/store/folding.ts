/**
 * How names are compared: what looks or is typed the same must be the same account, and what people search for must be
 * found without knowing its accents.
 *
 * `foldName` follows NFKC_Casefold of Unicode (UAX #31): compatibility forms, letter case and invisible characters make
 * no difference. Lower, upper and lower case again stand in for the case folding that JavaScript lacks: `ß` meets `SS`, a final
 * sigma meets the others. The dotless `ı` meets `i` too, which refuses a name more than Unicode would and admits none more.
 */

/** A btree entry holds at most a third of a page; folding may lengthen a name many times over. */
export const maxFoldedBytes = 1024
const maxSortNameLength = 120
const maxWords = 64
const maxWordLength = 64

const ignorable = /\p{Default_Ignorable_Code_Point}/gu
const marks = /\p{M}/gu
const separators = /[\p{P}\p{Z}\p{C}]+/u

export function foldName(text: string): string {
  return text.normalize('NFKC').replace(ignorable, '').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}

/** The same without accents: for search and for listing, where being generous is harmless. */
export function foldLoosely(text: string): string {
  return foldName(text).normalize('NFKD').replace(marks, '')
}

/** What people are listed by. */
export function sortName(displayName: string): string {
  return [...foldLoosely(displayName)].slice(0, maxSortNameLength).join('')
}

/** The different words of these texts, each without accents and case: what is stored for search, and what is asked for. */
export function foldWords(...texts: readonly string[]): readonly string[] {
  const words = texts
    .flatMap(text => foldLoosely(text).split(separators))
    .map(word => [...word].slice(0, maxWordLength).join(''))
    .filter(word => word !== '')
  return [...new Set(words)].slice(0, maxWords)
}

/** The words of a text as search compares them. The same in SQL is `search_plain`; a test holds the two to each other. */
export function searchWords(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase()
  return folded.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')
}
