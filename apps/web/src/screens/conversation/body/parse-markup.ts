/**
 * From source to tree. Whatever the grammar finds but chat does not mean (an empty quote, a link to nowhere or to something
 * that is no address, nesting beyond sense) is shown as it was written: nothing that somebody wrote may disappear.
 */
import type { SyntaxNode } from '@lezer/common'
import { isSameAddress, readAddress, showHidden, showTurns } from './address.ts'
import { createParser } from './grammar.ts'
import { type Block, type Inline, type Leaf, type ListItem, leavesOf } from './markup.ts'
import { findPartAt } from './split-body.ts'

/** Quotes in quotes and lists in lists, and emphasis in emphasis, up to here. */
const deepest = 10

interface Reading {
  readonly source: string
  readonly mentioned: ReadonlySet<string>
}

export function parseMarkup(source: string, mentioned: ReadonlySet<string>): readonly Block[] {
  const top = createParser(mentioned).parse(source).topNode
  return readBlocks({ source, mentioned }, top, 0)
}

function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) nodes.push(child)
  return nodes
}

function readBlocks(reading: Reading, parent: SyntaxNode, depth: number): readonly Block[] {
  return childNodes(parent).flatMap(node => {
    if (node.name === 'QuoteMark' || node.name === 'ListMark') return []
    const block = depth > deepest ? null : readBlock(reading, node, depth)
    const shown = block && leavesOf(block).some(leaf => leaf.text.trim() !== '')
    return [shown ? block : asWritten(reading, node)]
  })
}

function asWritten({ source }: Reading, { from, to }: SyntaxNode): Block {
  return { kind: 'paragraph', from, to, children: [{ kind: 'text', text: source.slice(from, to), from, to }] }
}

/** ">_<" and ">:(" are faces, not quotes. */
const face = /^>\S{1,3}$/u

function readBlock(reading: Reading, node: SyntaxNode, depth: number): Block | null {
  const { from, to, name } = node
  switch (name) {
    case 'Paragraph':
      return { kind: 'paragraph', from, to, children: readInlines(reading, node, depth) }
    case 'Blockquote':
      if (face.test(reading.source.slice(from, to))) return null
      return { kind: 'quote', from, to, children: readBlocks(reading, node, depth + 1) }
    case 'BulletList':
    case 'OrderedList':
      return readList(reading, node, depth)
    case 'FencedCode':
      return readCode(reading, node)
    default: {
      const level = /^ATXHeading(\d)$/u.exec(name)?.[1]
      return level
        ? { kind: 'heading', from, to, level: Number(level), children: readInlines(reading, node, depth) }
        : null
    }
  }
}

/** Numbers stay as written, so that an answer to point 4 is not renumbered; what repeats or falls back is counted on. */
function readList(reading: Reading, node: SyntaxNode, depth: number): Block {
  let number = 0
  const items = childNodes(node).flatMap((item): ListItem[] => {
    if (item.name !== 'ListItem') return []
    const mark = item.getChild('ListMark')
    const written = mark ? Number.parseInt(reading.source.slice(mark.from, mark.to), 10) : Number.NaN
    number = Number.isNaN(written) || (written <= number && number > 0) ? number + 1 : written
    return [{ from: item.from, to: item.to, number, children: readBlocks(reading, item, depth + 1) }]
  })
  return { kind: 'list', from: node.from, to: node.to, ordered: node.name === 'OrderedList', items }
}

/** A first line that is more than the name of a language is code, written beside the fence. */
function readCode({ source }: Reading, node: SyntaxNode): Block {
  const info = node.getChild('CodeInfo')
  const word = info ? source.slice(info.from, info.to) : ''
  const named = info !== null && /^[\w+#.-]{1,24}$/u.test(word)
  const leaf = ({ from, to }: { from: number; to: number }): Leaf => ({
    from,
    to,
    text: showHidden(source.slice(from, to)),
  })
  const lines = node.getChildren('CodeText').map(leaf)
  const first = info && !named ? [leaf(info), { from: info.to, to: info.to, text: '\n' }] : []
  return {
    kind: 'code',
    from: node.from,
    to: node.to,
    language: info && named ? leaf(info) : null,
    lines: [...first, ...lines],
  }
}

const marks = new Set(['EmphasisMark', 'StrikethroughMark', 'HeaderMark', 'QuoteMark'])

/** The text of a node and what is marked in it, without the marks. */
function readInlines(reading: Reading, node: SyntaxNode, depth: number): readonly Inline[] {
  const inlines: Inline[] = []
  let done = node.from
  const isLine = /^(?:Paragraph|ATXHeading\d)$/u.test(node.name)
  const text = (to: number) => {
    if (to > done) inlines.push(...readText(reading.source, done, to))
    done = to
  }
  for (const child of childNodes(node)) {
    if (!marks.has(child.name)) {
      const read = depth > deepest ? null : readInline(reading, child, depth)
      if (!read) continue
      text(child.from)
      inlines.push(...read)
    } else text(child.from)
    // The space after the sign of a quoted line belongs to it.
    done = child.name === 'QuoteMark' && reading.source[child.to] === ' ' ? child.to + 1 : child.to
  }
  text(node.to)
  return isLine ? trimEnds(inlines) : inlines
}

/** One piece per line: what a line of a quote or list begins with in the source is not shown. */
function readText(source: string, from: number, to: number): readonly Inline[] {
  const pieces: Inline[] = []
  let start = from
  for (const { index, 0: match } of source.slice(from, to).matchAll(/\n[ \t]*/gu)) {
    const at = from + index
    if (at > start) pieces.push({ kind: 'text', text: source.slice(start, at), from: start, to: at })
    pieces.push({ kind: 'text', text: '\n', from: at, to: at + match.length })
    start = at + match.length
  }
  if (to > start) pieces.push({ kind: 'text', text: source.slice(start, to), from: start, to })
  return pieces
}

function trimEnds(inlines: readonly Inline[]): readonly Inline[] {
  const trimmed = [...inlines]
  const first = trimmed[0]
  if (first?.kind === 'text') {
    const text = first.text.trimStart()
    trimmed[0] = { ...first, text, from: first.from + first.text.length - text.length }
  }
  const last = trimmed.at(-1)
  if (last?.kind === 'text') {
    const text = last.text.trimEnd()
    trimmed[trimmed.length - 1] = { ...last, text, to: last.to - last.text.length + text.length }
  }
  return trimmed
}

/** Null for what stays text. */
function readInline(reading: Reading, node: SyntaxNode, depth: number): readonly Inline[] | null {
  const { source, mentioned } = reading
  const { from, to, name } = node
  const children = () => readInlines(reading, node, depth + 1)
  switch (name) {
    case 'StrongEmphasis':
      return [{ kind: 'strong', from, to, children: children() }]
    case 'Emphasis':
      return [{ kind: 'emphasis', from, to, children: children() }]
    case 'Strikethrough':
      return [{ kind: 'strike', from, to, children: children() }]
    case 'Escape':
      return [{ kind: 'text', text: source.slice(from + 1, to), from, to }]
    case 'InlineCode':
      return [readInlineCode(source, node)]
    case 'Mention':
      return [
        { kind: 'mention', text: source.slice(from, to), username: source.slice(from + 1, to).toLowerCase(), from, to },
      ]
    case 'BareLink': {
      const part = findPartAt(source, from, mentioned)
      return part?.kind === 'link' ? [bareLink(part, from)] : null
    }
    case 'Link':
      return readLink(reading, node, depth)
    default:
      return null
  }
}

function readInlineCode(source: string, node: SyntaxNode): Inline {
  const [open, close] = node.getChildren('CodeMark')
  let from = open?.to ?? node.from
  let to = close?.from ?? node.to
  const padded = /^ .*[^ ].* $/su.test(source.slice(from, to))
  if (padded) {
    from += 1
    to -= 1
  }
  const text = showHidden(source.slice(from, to).replace(/\n[ \t]*/gu, ' '))
  return { kind: 'code', from: node.from, to: node.to, content: { text, from, to } }
}

function bareLink(part: { text: string; href: string; hint: string | null }, from: number): Inline {
  const to = from + part.text.length
  const hint = part.hint === null ? null : { text: ` (${part.hint})`, from: to, to }
  return { kind: 'link', href: part.href, hint, from, to, children: [{ kind: 'text', text: part.text, from, to }] }
}

function readLink(reading: Reading, node: SyntaxNode, depth: number): readonly Inline[] {
  const { source } = reading
  const { from, to } = node
  const url = node.getChild('URL')
  const written = url ? source.slice(url.from, url.to).replace(/^<(.*)>$/su, '$1') : ''
  const address = readAddress(written)
  const [open, close] = node.getChildren('LinkMark')
  const asText: readonly Inline[] = readInlines(reading, node, depth + 1)
  if (!address || !open || !close) return asText
  const words = within(asText, open.to, close.from)
  const said = words
    .flatMap(leavesOf)
    .map(leaf => leaf.text)
    .join('')
  if (said.trim() === '') return readText(source, from, to)
  const hint = isSameAddress(said, address) ? null : { text: ` (${address.host})`, from: to, to }
  return [{ kind: 'link', href: address.href, hint, from, to, children: words }]
}

/** What of the inlines lies between, with links and mentions as plain words: a link holds no other. */
function within(inlines: readonly Inline[], from: number, to: number): readonly Inline[] {
  return inlines.flatMap((inline): readonly Inline[] => {
    if ('children' in inline) {
      if (inline.from < from || inline.to > to) return []
      const children = within(inline.children, inline.from, inline.to)
      return inline.kind === 'link' ? children : [{ ...inline, children }]
    }
    const start = Math.max(inline.from, from)
    const end = Math.min(inline.to, to)
    if (start >= end) return []
    if (inline.kind === 'code') return [inline]
    const whole = start === inline.from && end === inline.to
    const text = whole ? inline.text : inline.text.slice(start - inline.from, end - inline.from)
    return [{ kind: 'text', text: showTurns(text), from: start, to: end }]
  })
}
