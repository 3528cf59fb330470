import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeText } from './merge-text.ts'

describe('merging two texts', () => {
  it.each([
    ['', 'alpha', '', 'alpha'],
    ['a b', 'a b c', 'x a b', 'x a b c'],
    ['', 'alpha', 'beta', 'alpha\nbeta'],
    ['al', 'al\nbe', 'alp', 'alp\nbe'],
    ['see you', 'see you', '', ''],
    ['see you', 'see you soon', '', ' soon'],
    ['hello', 'hello there', 'hello there you', 'hello there you'],
  ])('from %j by %j and %j gives %j', (base, one, other, merged) => {
    expect(mergeText(base, one, other)).toBe(merged)
    expect(mergeText(base, other, one)).toBe(merged)
  })

  it('comes to the same from either side, and loses no word that either added', () => {
    const words = (letter: string) =>
      fc.array(fc.constant(letter), { minLength: 1, maxLength: 4 }).map(all => all.join(''))
    fc.assert(
      fc.property(
        fc.string({ maxLength: 12 }),
        fc.tuple(fc.nat(12), words('Ä')),
        fc.tuple(fc.nat(12), words('Ö')),
        (base, [here, one], [there, other]) => {
          const put = (at: number, word: string) => base.slice(0, at) + word + base.slice(at)
          const merged = mergeText(base, put(here, one), put(there, other))
          expect(mergeText(base, put(there, other), put(here, one))).toBe(merged)
          expect(merged).toContain(one)
          expect(merged).toContain(other)
        },
      ),
    )
  })
})
