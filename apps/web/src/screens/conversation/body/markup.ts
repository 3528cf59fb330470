/**
 * A message's mark-up as a tree. Each node knows which part of the source it stands for, and the leaves in order hold exactly
 * the characters that are shown: so whatever is selected on screen can be copied as it was written.
 */
export interface Span {
  readonly from: number
  readonly to: number
}

export interface Leaf extends Span {
  readonly text: string
}

export type Inline =
  | (Leaf & { readonly kind: 'text' })
  | (Span & { readonly kind: 'code'; readonly content: Leaf })
  | (Leaf & { readonly kind: 'mention'; readonly username: string })
  | (Span & { readonly kind: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] })
  /** `hint` says where it leads, where its words do not. */
  | (Span & {
      readonly kind: 'link'
      readonly href: string
      readonly hint: Leaf | null
      readonly children: readonly Inline[]
    })

export interface ListItem extends Span {
  readonly number: number
  readonly children: readonly Block[]
}

export type Block =
  | (Span & { readonly kind: 'paragraph'; readonly children: readonly Inline[] })
  | (Span & { readonly kind: 'heading'; readonly level: number; readonly children: readonly Inline[] })
  | (Span & { readonly kind: 'quote'; readonly children: readonly Block[] })
  | (Span & { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] })
  /** `language` is shown above the code, and empty when none was named. */
  | (Span & { readonly kind: 'code'; readonly language: Leaf | null; readonly lines: readonly Leaf[] })

export type MarkupNode = Block | Inline | ListItem

export function childrenOf(node: MarkupNode): readonly MarkupNode[] {
  if ('items' in node) return node.items
  return 'children' in node ? node.children : []
}

/** What a node itself shows, in the order in which it stands on screen: after its children for a link, its own else. */
export function leavesOf(node: MarkupNode): readonly Leaf[] {
  if ('text' in node) return [node]
  if ('content' in node) return [node.content]
  if ('lines' in node) return node.language ? [node.language, ...node.lines] : node.lines
  const inner = childrenOf(node).flatMap(leavesOf)
  return 'hint' in node && node.hint ? [...inner, node.hint] : inner
}
