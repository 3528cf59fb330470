import { describe, expect, it } from 'vitest'
import { toExcerpt } from './excerpt.ts'

describe('toExcerpt', () => {
  it('marks what was found and keeps what stands around it', () => {
    expect(toExcerpt({ body: 'the warm paper\nis here', ranges: [[4, 8]] })).toEqual([
      { text: 'the ', found: false },
      { text: 'warm', found: true },
      { text: ' paper is here', found: false },
    ])
  })

  it('begins shortly before the first word of a long text, and ends', () => {
    const body = `${'a '.repeat(200)}found ${'b '.repeat(200)}`
    const parts = toExcerpt({ body, ranges: [[400, 405]] })
    expect(parts[0]?.text.startsWith('…')).toBe(true)
    expect(parts[1]).toEqual({ text: 'found', found: true })
    expect(parts.map(part => part.text).join('').length).toBeLessThan(120)
  })

  it('begins with a word, and leaves out nothing to speak of', () => {
    const first = (body: string) =>
      toExcerpt({ body, ranges: [[body.indexOf('wax'), body.indexOf('wax') + 3]] })[0]?.text
    expect(first('Has anybody seen the red wax?')).toBe('Has anybody seen the red ')
    expect(first('Nobody remembers by now who has seen the red wax?')).toBe('…who has seen the red ')
  })

  it('never begins or ends with half a sign', () => {
    const body = `${'🎉'.repeat(30)}zx${'🎉'.repeat(90)}`
    for (const at of [60, 61]) {
      const parts = toExcerpt({ body, ranges: [[at, at + 1]] })
      expect(parts.map(({ text }) => text.isWellFormed())).toEqual([true, true, true])
    }
  })
})
