import type { MessageHit } from '@recado/client'
import { withoutOverrides } from '../../state/isolate.ts'

export interface ExcerptPart {
  readonly text: string
  readonly found: boolean
}

const before = 24
const little = 12
const length = 110

/** The words found and what stands around them, as one line. */
export function toExcerpt(hit: Pick<MessageHit, 'body' | 'ranges'>): readonly ExcerptPart[] {
  const { ranges } = hit
  const body = withoutOverrides(hit.body)
  const from = findStart(body, ranges[0]?.[0] ?? 0)
  const to = wholeFrom(body, Math.min(body.length, from + length))
  const parts: ExcerptPart[] = []
  let at = from
  const add = (end: number, found: boolean) => {
    if (end > at) parts.push({ text: body.slice(at, end).replace(/\s+/gu, ' '), found })
    at = Math.max(at, end)
  }
  for (const [start, end] of ranges) {
    if (start >= to) break
    add(start, false)
    add(Math.min(end, to), true)
  }
  add(to, false)
  const [first] = parts
  return first && from > 0 ? [{ ...first, text: `…${first.text.trimStart()}` }, ...parts.slice(1)] : parts
}

/** With a word, if one begins there; at the beginning where little would be left out. */
function findStart(body: string, found: number): number {
  const earliest = found - before
  if (earliest <= little) return 0
  const gap = /\s+(?=\S)/u.exec(body.slice(earliest, found))
  return gap ? earliest + gap.index + gap[0].length : wholeFrom(body, earliest)
}

/** Never in the middle of a pair of surrogates. */
function wholeFrom(body: string, at: number): number {
  return /[\uDC00-\uDFFF]/u.test(body[at] ?? '') ? at + 1 : at
}
