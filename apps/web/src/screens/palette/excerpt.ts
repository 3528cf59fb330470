import type { MessageHit } from '@recado/client'

export interface ExcerptPart {
  readonly text: string
  readonly found: boolean
}

const before = 24
const length = 110

/** The words found and what stands around them, as one line. */
export function toExcerpt({ body, ranges }: Pick<MessageHit, 'body' | 'ranges'>): readonly ExcerptPart[] {
  const from = wholeFrom(body, Math.max(0, (ranges[0]?.[0] ?? 0) - before))
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

/** Never in the middle of a pair of surrogates. */
function wholeFrom(body: string, at: number): number {
  return /[\uDC00-\uDFFF]/u.test(body[at] ?? '') ? at + 1 : at
}
