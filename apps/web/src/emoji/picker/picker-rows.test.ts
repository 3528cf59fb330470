import { describe, expect, it } from 'vitest'
import type { Emoji } from '../emoji-sheet.ts'
import { emojiAt, layRows, moveCell } from './picker-rows.ts'

function emoji(name: string): Emoji {
  return { emoji: name, group: 0, name, codes: [name], tones: [], words: [name], allWords: ` ${name}` }
}

const letters = (text: string) => [...text].map(emoji)
/** Rows of three: abc, d · efg, hi */
const rows = layRows(
  [
    { id: 'recent', emojis: letters('abcd') },
    { id: 0, emojis: letters('efghi') },
  ],
  3,
)
const from = (name: string, ...moves: readonly Parameters<typeof moveCell>[2][]) => {
  let cell: number | null = [...'abcdefghi'].indexOf(name)
  for (const move of moves) cell = moveCell(rows, cell, move)
  return emojiAt(rows, cell)?.name
}

describe('the grid of the picker', () => {
  it('lays rows under the heading of their group, and none for what was found', () => {
    expect(rows.map(row => (row.kind === 'heading' ? row.section : row.emojis.map(one => one.name).join('')))).toEqual([
      'recent',
      'abc',
      'd',
      0,
      'efg',
      'hi',
    ])
    expect(layRows([{ id: 'found', emojis: letters('ab') }], 3)).toHaveLength(1)
    expect(layRows([{ id: 'recent', emojis: [] }], 3)).toEqual([])
  })

  it('moves in both directions, over headings and shorter rows, and stops at the edges', () => {
    expect(from('c', 'after')).toBe('d')
    expect(from('d', 'after')).toBe('e')
    expect(from('e', 'before')).toBe('d')
    expect(from('c', 'below')).toBe('d')
    expect(from('d', 'below')).toBe('e')
    expect(from('f', 'above')).toBe('d')
    expect(from('g', 'below')).toBe('i')
    expect(from('a', 'above')).toBe('a')
    expect(from('a', 'before')).toBe('a')
    expect(from('i', 'after')).toBe('i')
    expect(from('i', 'row-start')).toBe('h')
    expect(from('e', 'row-end')).toBe('g')
    expect(from('b', 'page-down')).toBe('i')
    expect(from('i', 'page-up')).toBe('b')
  })

  it('starts at the first', () => {
    expect(moveCell(rows, null, 'below')).toBe(0)
    expect(emojiAt([], 0)).toBeNull()
  })
})
