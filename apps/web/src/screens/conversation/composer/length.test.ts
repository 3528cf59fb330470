import { describe, expect, it } from 'vitest'
import { lengthLeft } from './length.ts'

describe('the length of a message', () => {
  it('is told only near the end, in code points and without the spaces around it', () => {
    expect(lengthLeft('a'.repeat(19_499))).toBeNull()
    expect(lengthLeft('a'.repeat(19_500))).toBe(500)
    expect(lengthLeft('a'.repeat(20_120))).toBe(-120)
    expect(lengthLeft('🎉'.repeat(10_000))).toBeNull()
    expect(lengthLeft('🎉'.repeat(20_001))).toBe(-1)
    expect(lengthLeft(`${' '.repeat(30_000)}a`)).toBeNull()
  })
})
