/** A message's words without its mark-up, for places that have a line or two for them. */
import { type Block, type Inline, leavesOf } from './markup.ts'
import { parseMarkup } from './parse-markup.ts'

/** Nobody reads further in a preview; what a mark opens before it and closes after it is shown as written. */
const readAtMost = 2_000
const nobody: ReadonlySet<string> = new Set()

export function toPlainText(body: string): string {
  return blocksToText(parseMarkup(body.slice(0, readAtMost), nobody))
}

function blocksToText(blocks: readonly Block[]): string {
  return blocks.map(blockToText).join('\n')
}

function blockToText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inlinesToText(block.children)
    case 'quote':
      return blocksToText(block.children)
    case 'list':
      return block.items
        .map(({ number, children }) => `${block.ordered ? `${number}.` : '•'} ${blocksToText(children)}`)
        .join('\n')
    case 'code':
      return block.lines.map(line => line.text).join('')
    default:
      return block satisfies never
  }
}

function inlinesToText(inlines: readonly Inline[]): string {
  return inlines
    .flatMap(leavesOf)
    .map(leaf => leaf.text)
    .join('')
}
