import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoTime } from './clock.ts'

test('a time on the wire is what Date says, cut to milliseconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), micros => {
      expect(isoTime(micros)).toBe(new Date(Math.floor(micros / 1000)).toISOString())
    }),
  )
})
