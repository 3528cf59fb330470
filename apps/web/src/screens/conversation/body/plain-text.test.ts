import { describe, expect, it } from 'vitest'
import { toPlainMarked, toPlainText } from './plain-text.ts'

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

describe('what was found in a source', () => {
  /** In brackets: in the source what is found, in the words what is marked. */
  const bracketed = (body: string, ranges: readonly (readonly [number, number])[]) =>
    ranges.reduceRight(
      (text, [start, end]) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
      body,
    )
  const mark = (source: string, words: RegExp) => {
    const ranges = [...source.matchAll(words)].map(({ index, 0: word }) => [index, index + word.length] as const)
    const plain = toPlainMarked({ body: source, ranges })
    return bracketed(plain.body, plain.ranges)
  }

  it.each([
    ['**warm** white, _warm_ red', /warm/gu, '[warm] white, [warm] red'],
    ['# Warm things\n\n1. paper\n2. **wax**', /wax|Warm/gu, '[Warm] things\n1. paper\n2. [wax]'],
    ['> the wax\n> is warm', /wax|warm/gu, 'the [wax]\nis [warm]'],
    ['_one_ **thing** more', /one_ \*\*thing/gu, '[one thing] more'],
    ['5 \\* 3 \\* wax', /wax/gu, '5 * 3 * [wax]'],
    ['[the proof](https://example.org/wax) of wax', /wax/gu, 'the proof (example.org) of [wax]'],
    ['```ts\nconst wax = 1\nwax += 1\n```', /wax/gu, 'const [wax] = 1\n[wax] += 1'],
    ['` wax ` and ~~wax~~', /wax/gu, '[wax] and [wax]'],
  ])('%j is marked where it is read', (source, words, marked) => expect(mark(source, words)).toBe(marked))

  it('is found beyond what a preview reads', () => {
    const plain = toPlainMarked({ body: `${'**much** '.repeat(400)}wax`, ranges: [[3_600, 3_603]] })
    expect(bracketed(plain.body, plain.ranges)).toMatch(/much \[wax\]$/u)
  })
})
