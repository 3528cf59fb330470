import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank, toNamed, toTerms } from './rank.ts'

const names = [
  'Marina Duarte',
  'João Pedro Figueiredo',
  'Letter desk: winter party',
  'Ana Marina',
  'Sofía Hernández',
  '田中 健二',
]
const named = names.map(name => toNamed(name, [name]))
const find = (query: string) => rank(named, toTerms(query), 3)

describe('rank', () => {
  it('finds without accents and case, by any word and by several', () => {
    expect(find('joao')).toEqual(['João Pedro Figueiredo'])
    expect(find('HERNANDEZ')).toEqual(['Sofía Hernández'])
    expect(find('party desk')).toEqual(['Letter desk: winter party'])
    expect(find('健')).toEqual(['田中 健二'])
  })

  it('puts the beginning of a name before a later word, and that before a part of a word', () => {
    expect(find('marina')).toEqual(['Marina Duarte', 'Ana Marina'])
    expect(find('ana')).toEqual(['Ana Marina'])
  })

  it('finds with letters left out, from the start of a word only', () => {
    expect(find('mrdt')).toEqual(['Marina Duarte'])
    expect(find('rnda')).toEqual([])
  })

  it('keeps the order given, most recent first, while nothing is typed and among equals', () => {
    expect(find(' ')).toEqual(names.slice(0, 3))
    const twins = ['b', 'a'].map(item => toNamed(item, ['Ana']))
    expect(rank(twins, toTerms('an'), 5)).toEqual(['b', 'a'])
  })

  it('finds nobody when one word is not there', () => {
    expect(find('marina nobody')).toEqual([])
  })

  it('always finds a name by any part of itself, and never more than asked for', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.nat(59), fc.nat(59), (name, from, to) => {
        const part = name.slice(Math.min(from, to), Math.max(from, to) + 1)
        const found = rank([toNamed(1, [name]), toNamed(2, [name])], toTerms(part), 1)
        expect(found.length).toBeLessThanOrEqual(1)
        if (/^[a-z]+$/iu.test(name) && part !== '') expect(found).toEqual([1])
      }),
    )
  })
})
