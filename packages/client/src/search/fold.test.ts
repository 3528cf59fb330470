import { expect, test } from 'vitest'
import { findRanges, fold, matches, parseQuery } from './fold.ts'

const found = (text: string, query: string) =>
  findRanges(text, parseQuery(query)).map(([from, to]) => text.slice(from, to))

test('case, accents and compatibility forms do not matter, in either direction', () => {
  expect(found('A reunião de amanhã', 'REUNIAO amanha')).toEqual(['reunião', 'amanhã'])
  expect(found('¿Vendrás mañana?', 'manana')).toEqual(['mañana'])
  expect(found('Cafe\u0301 com pa\u0303o', 'café')).toEqual(['Cafe\u0301'])
  expect(found('the oﬃce in Straße 9', 'office')).toEqual(['oﬃce'])
  expect(found('ΟΔΟΣ', 'οδος')).toEqual(['ΟΔΟΣ'])
})

test('a term is the beginning of a word, and every term must be there', () => {
  expect(found('the meeting was moved', 'meet mov')).toEqual(['meet', 'mov'])
  expect(found('a commeeting', 'meet')).toEqual([])
  expect(found('the meeting', 'meet lunch')).toEqual([])
  expect(found('@meg: see meg-ana', 'meg')).toEqual(['meg', 'meg'])
})

test('what has no words, or writes them without spaces, is found anywhere', () => {
  expect(found('done 🎉🎉', '🎉')).toEqual(['🎉🎉'])
  expect(found('明日の会議', '会議')).toEqual(['会議'])
  expect(matches(fold('anything'), parseQuery('   '))).toBe(false)
})

test('ranges are sorted, joined where they touch, and bounded', () => {
  expect(found('anna ann', 'ann anna')).toEqual(['anna', 'ann'])
  expect(findRanges('no '.repeat(5_000), parseQuery('no')).length).toBe(50)
})
