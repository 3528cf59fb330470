/** A line break within a list goes on with the list; within an empty item of it, it ends the list. */
import { replaceText, type TextEdit } from '../text-edit.ts'
import type { Selected } from './format-text.ts'

/** The sign of an item and the spaces around it, as the grammar of messages takes them. */
const itemSign = /^(?<indent>[ \t]*)(?:(?<bullet>[-*+])|(?<number>\d{1,8})(?<point>[.)]))(?<space>[ \t]+)/u

/** Null where the break is like any other. */
export function breakLine({ text, start, end }: Selected): TextEdit | null {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const found = itemSign.exec(text.slice(lineStart, start))
  if (!found || isInCode(text.slice(0, lineStart))) return null
  const [sign] = found
  const next = text.indexOf('\n', end)
  const rest = text.slice(end, next < 0 ? text.length : next)
  const empty = (text.slice(lineStart + sign.length, start) + rest).trim() === ''
  if (empty && start === end) return replaceText(lineStart, end + rest.length, '')
  const { indent = '', bullet, number, point = '', space = '' } = found.groups ?? {}
  return replaceText(start, end, `\n${indent}${bullet ?? `${Number(number) + 1}${point}`}${space}`)
}

function isInCode(before: string): boolean {
  return (before.match(/^[ \t]*```/gmu)?.length ?? 0) % 2 === 1
}
