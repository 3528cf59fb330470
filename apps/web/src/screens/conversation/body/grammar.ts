/**
 * Markdown as people write it in chats: what would hide, swallow or reinterpret text that nobody meant as mark-up is left
 * out. No HTML, no images, no reference definitions (they vanish from sight), no indented code, no underlined headings.
 * Bare addresses and mentions are found by the same rules as in texts without mark-up.
 */
import { type Line, type MarkdownConfig, type MarkdownParser, parser, Strikethrough } from '@lezer/markdown'
import { findPartAt } from './split-body.ts'

const leftOut = [
  'SetextHeading',
  'IndentedCode',
  'LinkReference',
  'HTMLBlock',
  'HTMLTag',
  'Entity',
  'HorizontalRule',
  'Image',
  'Autolink',
  'HardBreak',
] as const

const star = 42

/** 2*3*4 and file*name are text: between two letters or digits of ours a star is no emphasis, as an underscore is not. */
const starInWord: MarkdownConfig = {
  parseInline: [
    {
      name: 'StarInWord',
      before: 'Emphasis',
      parse(context, next, start) {
        if (next !== star) return -1
        let end = start + 1
        while (context.char(end) === star) end += 1
        const inWord = /^[A-Za-z\d]{2}$/u.test(context.slice(start - 1, start) + context.slice(end, end + 1))
        return inWord ? end : -1
      },
    },
  ],
}

const addressesAndMentions = (mentioned: ReadonlySet<string>): MarkdownConfig => ({
  defineNodes: ['BareLink', 'Mention'],
  parseInline: [
    {
      name: 'BareLink',
      before: 'Emphasis',
      parse(context, next, start) {
        if (!mayBegin(next)) return -1
        const part = findPartAt(context.text, start - context.offset, mentioned)
        if (!part || part.kind === 'text') return -1
        const type = part.kind === 'link' ? 'BareLink' : 'Mention'
        return context.addElement(context.elt(type, start, start + part.text.length))
      },
    },
  ],
})

/** A line without the sign of a quote, or outside of a list's indentation, is outside: an answer is not part of the quote. */
const endAtTheLine: MarkdownConfig = {
  parseBlock: [{ name: 'EndAtTheLine', endLeaf: (context, line) => findDepth(line) < context.depth }],
}

/** In how many quotes and lists a line stands by its own signs. The parser keeps it, and its types do not tell. */
function findDepth(line: Line): number {
  return 'depth' in line && typeof line.depth === 'number' ? line.depth : Number.POSITIVE_INFINITY
}

/** Letters and digits begin addresses, an @ a mention. */
function mayBegin(code: number): boolean {
  return code === 64 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

const base = parser.configure([{ remove: [...leftOut] }, Strikethrough, starInWord, endAtTheLine])

export function createParser(mentioned: ReadonlySet<string>): MarkdownParser {
  return base.configure(addressesAndMentions(mentioned))
}
