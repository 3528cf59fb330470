import { describe, expect, it } from 'vitest'
import { breakLine } from './break-line.ts'

/** A text with its selection between bars, or the caret as one bar. Null where the break is the field's own. */
function broken(marked: string): string | null {
  const start = marked.indexOf('|')
  const last = marked.lastIndexOf('|')
  const text = marked.replaceAll('|', '')
  const edit = breakLine({ text, start, end: last === start ? start : last - 1 })
  if (!edit) return null
  const result = text.slice(0, edit.from) + edit.insert + text.slice(edit.to)
  return `${result.slice(0, edit.selectionStart)}|${result.slice(edit.selectionStart)}`
}

describe('a line break', () => {
  it.each([
    ['- one|', '- one\n- |'],
    ['* one|', '* one\n* |'],
    ['+  one|', '+  one\n+  |'],
    ['1. one|', '1. one\n2. |'],
    ['9) one|', '9) one\n10) |'],
    ['  - half|', '  - half\n  - |'],
    ['- one| and a half', '- one\n- | and a half'],
    ['- one|two|three', '- one\n- |three'],
    ['before\n- one|\n- two', 'before\n- one\n- |\n- two'],
    ['```\na\n```\n- one|', '```\na\n```\n- one\n- |'],
  ])('goes on with the list in %j', (before, after) => expect(broken(before)).toBe(after))

  it.each([
    ['- one\n- |', '- one\n|'],
    ['1. one\n2. |', '1. one\n|'],
    ['- one\n-  | \nafter', '- one\n|\nafter'],
  ])('ends the list in the empty item of %j', (before, after) => expect(broken(before)).toBe(after))

  it.each(['one|', '-one|', '|- one', '-| one', '1.5|', '```\n- one|', '- one\ntwo|', ''])(
    'is like any other in %j',
    before => expect(broken(before)).toBeNull(),
  )
})
