/** A message's words without its mark-up, for places that have a line or two for them. */
import { type Block, type Inline, type Leaf, leavesOf } from './markup.ts'
import { parseMarkup } from './parse-markup.ts'

/** Nobody reads further in a preview; what a mark opens before it and closes after it is shown as written. */
const readAtMost = 2_000
const nobody: ReadonlySet<string> = new Set()

export function toPlainText(body: string): string {
  return textOf(piecesOf(parseMarkup(body.slice(0, readAtMost), nobody)))
}

type Range = readonly [start: number, end: number]

export interface Marked {
  readonly body: string
  /** Places in it, in order, none over another. */
  readonly ranges: readonly Range[]
}

/** The words alone, and where in them is what was marked in the source. What lies in no word of it is marked no more. */
export function toPlainMarked({ body, ranges }: Marked): Marked {
  const pieces = piecesOf(parseMarkup(body, nobody))
  return { body: textOf(pieces), ranges: placeIn(pieces, ranges) }
}

function placeIn(pieces: readonly Leaf[], ranges: readonly Range[]): readonly Range[] {
  const placed = new Map<number, Range>()
  let passed = 0
  let first = 0
  for (const { text, from, to } of pieces) {
    while ((ranges[first]?.[1] ?? Number.POSITIVE_INFINITY) <= from) first += 1
    for (let index = first; (ranges[index]?.[0] ?? to) < to; index += 1) {
      const [start, end] = ranges[index] ?? [to, to]
      // What a piece stands for can be longer than what it shows: the end of a line, an escaped sign.
      const same = text.length === to - from
      const begin = passed + (same ? Math.max(0, start - from) : 0)
      const stop = passed + (same ? Math.min(end, to) - from : text.length)
      placed.set(index, [placed.get(index)?.[0] ?? begin, stop])
    }
    passed += text.length
  }
  return [...placed.values()].filter(([start, end]) => start < end)
}

function textOf(pieces: readonly Leaf[]): string {
  return pieces.map(({ text }) => text).join('')
}

/** What stands between the words and in no source. */
function sign(text: string, at: number): Leaf {
  return { text, from: at, to: at }
}

function piecesOf(blocks: readonly Block[]): readonly Leaf[] {
  return blocks.flatMap((block, index) => {
    const pieces = piecesOfBlock(block)
    return index === 0 ? pieces : [sign('\n', block.from), ...pieces]
  })
}

function piecesOfBlock(block: Block): readonly Leaf[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return block.children.flatMap((inline: Inline) => leavesOf(inline))
    case 'quote':
      return piecesOf(block.children)
    case 'list':
      return block.items.flatMap(({ from, number, children }, index) => [
        sign(`${index === 0 ? '' : '\n'}${block.ordered ? `${number}.` : '•'} `, from),
        ...piecesOf(children),
      ])
    case 'code':
      return block.lines
    default:
      return block satisfies never
  }
}
