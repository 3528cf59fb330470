import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldName, foldWords, sortName } from './folding.ts'

test('spellings that look the same fold alike, different letters do not', () => {
  for (const [one, other] of [
    ['Ana', 'aNA'],
    ['ﬁ', 'FI'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['ß', 'SS'],
    ['ẞ', 'ss'],
    ['e\u0301', '\u00e9'],
  ]) {
    expect(foldName(one ?? ''), one).toBe(foldName(other ?? ''))
  }
  expect(foldName('jose')).not.toBe(foldName('josé'))
  expect(foldName('аna')).not.toBe(foldName('ana'))
})

test('folding what is folded changes nothing, whatever it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
      expect(foldName(foldName(text))).toBe(foldName(text))
    }),
    { numRuns: 2_000 },
  )
})

test('words are found in any text and never hold what separates them', () => {
  expect(foldWords('João  da-Conceição', "joão O'Neil")).toEqual(['joao', 'da', 'conceicao', 'o', 'neil'])
  expect(foldWords(' .,- ')).toEqual([])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const word of foldWords(text)) expect(word).toMatch(/^[^\s\p{P}]+$/u)
    }),
  )
})

test('a name to sort by fits an index', () => {
  expect(Buffer.byteLength(sortName('\ufdfa'.repeat(100)))).toBeLessThan(1024)
})
