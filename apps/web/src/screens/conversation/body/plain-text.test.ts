import { describe, expect, it } from 'vitest'
import { toPlainText } from './plain-text.ts'

describe('the words of a message', () => {
  it.each([
    ['**bold**, _leaning_, ~~gone~~ and `code`', 'bold, leaning, gone and code'],
    ['# What is left\n- the list\n- *the* envelopes', 'What is left\n• the list\n• the envelopes'],
    ['1. one\n2. two\n   - half', '1. one\n2. two\n• half'],
    ['> He said so.\nAnd I do.', 'He said so.\nAnd I do.'],
    ['```ts\nlet a = 1\nlet b = 2\n```', 'let a = 1\nlet b = 2'],
    ['See [the proof](https://example.org/proofs/7).', 'See the proof (example.org).'],
    ['2*3*4 and snake_case_name, \\*so\\*', '2*3*4 and snake_case_name, *so*'],
    ['@marina **please**', '@marina please'],
    ['<b>not bold</b> **bold**', '<b>not bold</b> bold'],
    ['**', '**'],
  ])('%j', (source, words) => expect(toPlainText(source)).toBe(words))

  it('is read from the beginning of a long one only', () => {
    const text = toPlainText(`**short** ${'word '.repeat(4_000)}`)
    expect(text).toMatch(/^short word/u)
    expect(text.length).toBeLessThan(2_001)
  })
})
