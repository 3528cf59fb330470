/** The source of a selection that may reach over several messages. */
import { parseMarkup } from './parse-markup.ts'
import { sliceSource } from './source-range.ts'

export interface KnownBody {
  readonly body: string
  readonly mentioned: ReadonlySet<string>
}

const suffix = '-what'

/** Null when the selection holds no message's text: then the browser copies what it would. */
export function readSource(list: Element, range: Range, find: (key: string) => KnownBody | null): string | null {
  const elements = [...list.querySelectorAll(`article [id$="${suffix}"]`)].filter(one => range.intersectsNode(one))
  const sources = elements.flatMap(element => {
    const known = find(element.id.slice(0, -suffix.length))
    if (!known) return []
    const selected = selectedIn(element, range)
    const source = element.querySelector('[data-markup]')
      ? sliceSource(known.body, parseMarkup(known.body, known.mentioned), selected.start, selected.end)
      : selected.text
    return source === '' ? [] : [source]
  })
  return sources.length === 0 ? null : sources.join('\n')
}

/** Which of an element's characters lie in the range. */
function selectedIn(element: Element, range: Range): { start: number; end: number; text: string } {
  const inside = document.createRange()
  inside.selectNodeContents(element)
  const before = inside.cloneRange()
  if (inside.compareBoundaryPoints(Range.START_TO_START, range) < 0) {
    inside.setStart(range.startContainer, range.startOffset)
  }
  if (inside.compareBoundaryPoints(Range.END_TO_END, range) > 0) inside.setEnd(range.endContainer, range.endOffset)
  before.setEnd(inside.startContainer, inside.startOffset)
  const start = before.toString().length
  const text = inside.toString()
  return { start, end: start + text.length, text }
}
