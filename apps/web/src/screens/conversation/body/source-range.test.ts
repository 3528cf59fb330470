import { describe, expect, it } from 'vitest'
import { leavesOf } from './markup.ts'
import { parseMarkup } from './parse-markup.ts'
import { sliceSource } from './source-range.ts'

/** What is copied when `words` is selected on screen. */
function copied(body: string, words: string): string {
  const blocks = parseMarkup(body, new Set())
  const shown = blocks
    .flatMap(leavesOf)
    .map(leaf => leaf.text)
    .join('')
  const start = shown.indexOf(words)
  expect(start, words).toBeGreaterThanOrEqual(0)
  return sliceSource(body, blocks, start, start + words.length)
}

describe('copying a selection', () => {
  it('gives the marks of what is selected as a whole, and not of what is not', () => {
    expect(copied('so **very good** indeed', 'very good')).toBe('**very good**')
    expect(copied('so **very good** indeed', 'very')).toBe('very')
    expect(copied('so **very good** indeed', 'so very good indeed')).toBe('so **very good** indeed')
    expect(copied('**_deep_**', 'deep')).toBe('**_deep_**')
    expect(copied('use `npm i` now', 'npm i')).toBe('`npm i`')
  })

  it('gives links with their address, code with its fence, lists and quotes with their signs', () => {
    expect(copied('see [this](https://a.example) ok', 'this (a.example)')).toBe('[this](https://a.example)')
    expect(copied('```js\nlet a\n```', 'jslet a')).toBe('```js\nlet a\n```')
    expect(copied('- one\n- two\n- three', 'onetwo')).toBe('- one\n- two')
    expect(copied('> a\n> b\n\nc', 'a\nbc')).toBe('> a\n> b\n\nc')
    expect(copied('1\\. not a list', '1. not')).toBe('1\\. not')
  })
})
