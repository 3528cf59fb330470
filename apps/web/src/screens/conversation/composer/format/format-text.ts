/**
 * Writes Markdown around what is selected, or takes it away again where it is there already. Marks stand close to words:
 * spaces at the ends of a selection stay outside, and each line of several gets its own, since no mark reaches over a blank
 * line.
 */
import type { TextEdit } from '../text-edit.ts'

export const formats = ['bold', 'italic', 'strike', 'code', 'quote', 'list', 'link'] as const
export type Format = (typeof formats)[number]

export interface Selected {
  readonly text: string
  readonly start: number
  readonly end: number
}

export function formatText(selected: Selected, format: Format): TextEdit {
  switch (format) {
    case 'bold':
      return toggleMark(selected, '**')
    case 'italic':
      return toggleMark(selected, isInsideWord(selected) ? '*' : '_')
    case 'strike':
      return toggleMark(selected, '~~')
    case 'code':
      return selectedText(selected).includes('\n') ? toggleFence(selected) : toggleMark(selected, '`')
    case 'quote':
      return toggleLines(selected, '> ')
    case 'list':
      return toggleLines(selected, '- ')
    case 'link':
      return makeLink(selected)
    default:
      return format satisfies never
  }
}

function selectedText({ text, start, end }: Selected): string {
  return text.slice(start, end)
}

/** An underscore within a word is only an underscore. */
function isInsideWord({ text, start, end }: Selected): boolean {
  const word = /[\p{L}\p{N}]/u
  return start !== end && (word.test(text.slice(0, start).at(-1) ?? '') || word.test(text.charAt(end)))
}

function toggleMark(selected: Selected, mark: string): TextEdit {
  const { text, start, end } = trim(selected)
  const inner = text.slice(start, end)
  if (inner.includes('\n')) return replaceSelected({ text, start, end }, toggleMarkOfLines(inner, mark))
  if (isMarked(inner, mark) && inner.length > 2 * mark.length) {
    return replaceSelected({ text, start, end }, inner.slice(mark.length, -mark.length))
  }
  const around = { text, start: start - mark.length, end: end + mark.length }
  if (around.start >= 0 && isMarked(selectedText(around), mark) && !runsOn(around, mark)) {
    return replaceSelected(around, inner)
  }
  const from = start + mark.length
  return {
    from: start,
    to: end,
    insert: mark + inner + mark,
    selectionStart: from,
    selectionEnd: from + inner.length,
  }
}

function toggleMarkOfLines(lines: string, mark: string): string {
  const written = lines.split('\n').filter(line => line.trim() !== '')
  const marked = written.every(line => isMarked(line.trim(), mark))
  return lines.replace(/^(\s*)(\S(?:.*\S)?)(\s*)$/gmu, (_, before: string, line: string, after: string) => {
    const changed = marked ? line.slice(mark.length, -mark.length) : isMarked(line, mark) ? line : mark + line + mark
    return before + changed + after
  })
}

function isMarked(text: string, mark: string): boolean {
  return text.length >= 2 * mark.length && text.startsWith(mark) && text.endsWith(mark) && !isOtherMark(text, mark)
}

/** One star at the end of two is half of another mark. */
function isOtherMark(text: string, mark: string): boolean {
  return mark.length === 1 && text.startsWith(mark + mark) && !text.startsWith(mark.repeat(3))
}

/** Whether the mark around a selection is only the inner part of a longer one. */
function runsOn({ text, start, end }: Selected, mark: string): boolean {
  if (mark.length > 1) return false
  let run = 0
  while (text.charAt(start - 1 - run) === mark && text.charAt(end + run) === mark) run += 1
  return run % 2 === 1
}

const fence = '```'

function toggleFence(selected: Selected): TextEdit {
  const lines = wholeLines(selected)
  const inner = selectedText(lines)
  const fenced = /^```\w*\n([\s\S]*)\n```$/u.exec(inner)
  return replaceSelected(lines, fenced ? (fenced[1] ?? '') : `${fence}\n${inner}\n${fence}`)
}

function toggleLines(selected: Selected, prefix: string): TextEdit {
  const lines = wholeLines(selected)
  const written = selectedText(lines).split('\n')
  const filled = written.filter(line => line.trim() !== '')
  const marked = filled.length > 0 && filled.every(line => line.startsWith(prefix))
  const changed = written.map(line => {
    if (marked) return line.startsWith(prefix) ? line.slice(prefix.length) : line
    return line.startsWith(prefix) || (line.trim() === '' && written.length > 1) ? line : prefix + line
  })
  const edit = replaceSelected(lines, changed.join('\n'))
  // Whoever had nothing selected writes on at the end of the line.
  return selected.start === selected.end ? { ...edit, selectionStart: edit.selectionEnd } : edit
}

function makeLink(selected: Selected): TextEdit {
  const { text, start, end } = trim(selected)
  const inner = text.slice(start, end)
  const address = /^https?:\/\/\S+$/u.test(inner)
  const insert = address ? `[](${inner})` : `[${inner}](https://)`
  // What is missing is selected: the words of an address, or the address of words.
  const [from, to] =
    address || inner === '' ? [start + 1, start + 1] : [start + inner.length + 3, start + inner.length + 11]
  return { from: start, to: end, insert, selectionStart: from, selectionEnd: to }
}

function replaceSelected({ start, end }: Selected, insert: string): TextEdit {
  return { from: start, to: end, insert, selectionStart: start, selectionEnd: start + insert.length }
}

function trim({ text, start, end }: Selected): Selected {
  const inner = text.slice(start, end)
  if (inner.trim() === '') return { text, start: end, end }
  return {
    text,
    start: start + (inner.length - inner.trimStart().length),
    end: end - (inner.length - inner.trimEnd().length),
  }
}

function wholeLines({ text, start, end }: Selected): Selected {
  const next = text.indexOf('\n', end)
  return { text, start: text.lastIndexOf('\n', start - 1) + 1, end: next < 0 ? text.length : next }
}
