/** A message with mark-up, as React elements: nothing in it is ever read as HTML. Loaded with the first such message. */
import { memo, type ReactNode, useMemo } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { CodeBlock } from './code-block.tsx'
import { BodyLink, BodyMention } from './inline-parts.tsx'
import type { Block, Inline, ListItem } from './markup.ts'
import { parseMarkup } from './parse-markup.ts'

export interface MarkupBodyProps {
  readonly body: string
  readonly mentioned: ReadonlySet<string>
}

export const MarkupBody = memo(function MarkupBody({ body, mentioned }: MarkupBodyProps) {
  const blocks = useMemo(() => parseMarkup(body, mentioned), [body, mentioned])
  return (
    <div data-markup="" className="spoken flex flex-col gap-[0.6em]">
      <Blocks blocks={blocks} />
    </div>
  )
})

function Blocks({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return blocks.map(block => <BlockPart key={block.from} block={block} />)
}

function BlockPart({ block }: { readonly block: Block }): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          <Inlines inlines={block.children} />
        </p>
      )
    // No heading of the page: those who go from heading to heading look for places, not for somebody's emphasis.
    case 'heading':
      return (
        <p dir="auto" className={classNames('whitespace-pre-wrap font-bold', block.level === 1 && 'text-lead')}>
          <Inlines inlines={block.children} />
        </p>
      )
    case 'quote':
      return (
        <blockquote
          dir="auto"
          className="flex flex-col gap-[0.4em] border-line-strong border-s-2 ps-2.5 text-ink-muted"
        >
          <Blocks blocks={block.children} />
        </blockquote>
      )
    case 'list':
      return <List items={block.items} ordered={block.ordered} />
    case 'code':
      return <CodeBlock block={block} />
    default:
      return block satisfies never
  }
}

function List({ items, ordered }: { readonly items: readonly ListItem[]; readonly ordered: boolean }) {
  const entries = items.map(item => (
    <li key={item.from} value={ordered ? item.number : undefined} className="ps-1">
      <div className="flex flex-col gap-[0.3em]">
        <Blocks blocks={item.children} />
      </div>
    </li>
  ))
  if (!ordered)
    return (
      <ul dir="auto" className="list-disc ps-5 marker:text-ink-muted">
        {entries}
      </ul>
    )
  // Room for the widest number, which stands outside of the text.
  const digits = String(Math.max(...items.map(item => item.number))).length
  return (
    <ol
      dir="auto"
      className="tabular list-decimal marker:text-ink-muted"
      style={{ paddingInlineStart: `${digits * 0.6 + 0.9}em` }}
    >
      {entries}
    </ol>
  )
}

function Inlines({ inlines }: { readonly inlines: readonly Inline[] }): ReactNode {
  return inlines.map(inline => <InlinePart key={`${inline.from} ${inline.kind}`} inline={inline} />)
}

function InlinePart({ inline }: { readonly inline: Inline }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return withoutOverrides(inline.text)
    case 'code':
      return (
        <code className="rounded-sm bg-ink/6 px-1 py-px font-mono text-[0.9em] [box-decoration-break:clone]">
          {inline.content.text}
        </code>
      )
    case 'mention':
      return <BodyMention text={inline.text} username={inline.username} />
    case 'strong':
      return (
        <strong className="font-bold">
          <Inlines inlines={inline.children} />
        </strong>
      )
    case 'emphasis':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <Inlines inlines={inline.children} />
        </s>
      )
    case 'link':
      return (
        <BodyLink href={inline.href} hint={inline.hint?.text ?? null}>
          <Inlines inlines={inline.children} />
        </BodyLink>
      )
    default:
      return inline satisfies never
  }
}
