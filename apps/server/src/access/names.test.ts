import { expect, test } from 'vitest'
import { Refusal } from '../problem.ts'
import { checkName, requireGroupName } from './names.ts'

test('names that can be seen pass, in every script', () => {
  const names = ['Ana', 'José Ñandú', '山田', 'ليلى', 'नमस्ते', '👩‍👩‍👧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1', '…', '<b>', 'می‌خواهم', 'e\u0301', 'ㅤㅤx'] // biome-ignore format: a table
  for (const name of names) expect(checkName('/name', name), name).toEqual([])
})

test('names of nothing that can be seen are refused', () => {
  const names = [
    '', ' ', '\u00a0', '\u2003', '\u00ad', '\u034f', '\u115f', '\u3164', '\uffa0', '\u2800', '\u180e', '\u200d', '\u2063',
    '\ufe0f', '\u0301', '\u{e0041}', '\u{1d159}', '\u00ad \u2800',
  ] // biome-ignore format: a table
  for (const name of names) {
    expect(checkName('/name', name), JSON.stringify(name)).toEqual([
      { path: '/name', message: 'must hold something that can be seen' },
    ])
  }
})

test('names that hide or turn something are refused', () => {
  for (const name of ['a\u202eb', 'a\u2067b', 'a\u200bb', 'a\ufeffb', 'a\nb', 'a\u0007b']) {
    expect(() => requireGroupName(name), JSON.stringify(name)).toThrow(Refusal)
  }
  requireGroupName('Letter desk')
})
