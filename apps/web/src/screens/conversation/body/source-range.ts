/**
 * From what is selected on screen to the source it stands for. Characters on screen are counted through the leaves of the
 * tree; a node whose text is selected as a whole is copied with its marks.
 */
import { childrenOf, leavesOf, type MarkupNode } from './markup.ts'

/** The source of the characters from `start` to `end`, counted on screen. */
export function sliceSource(source: string, nodes: readonly MarkupNode[], start: number, end: number): string {
  const leaves = nodes.flatMap(leavesOf)
  const from = toSource(leaves, start, 'start')
  const to = toSource(leaves, end, 'end')
  if (from === null || to === null || from >= to) return ''
  const whole = widen(nodes, { from, to })
  return source.slice(whole.from, whole.to)
}

interface Place {
  readonly text: string
  readonly from: number
  readonly to: number
}

function toSource(leaves: readonly Place[], offset: number, edge: 'start' | 'end'): number | null {
  let passed = 0
  for (const { text, from, to } of leaves) {
    const within = offset - passed
    const here = edge === 'start' ? within < text.length : within <= text.length
    if (here && (edge === 'start' || within > 0)) {
      return edge === 'end' && within === text.length ? to : Math.min(to, from + within)
    }
    passed += text.length
  }
  return edge === 'end' ? (leaves.at(-1)?.to ?? null) : null
}

/** Until it holds the marks of every node whose whole text it holds. */
function widen(nodes: readonly MarkupNode[], range: { from: number; to: number }): { from: number; to: number } {
  let { from, to } = range
  for (const node of nodes) {
    if (node.to <= range.from || node.from >= range.to) continue
    const inner = widen(childrenOf(node), range)
    from = Math.min(from, inner.from)
    to = Math.max(to, inner.to)
    const leaves = leavesOf(node).filter(leaf => leaf.text !== '' && leaf.to > leaf.from)
    const first = leaves[0]
    const last = leaves.at(-1)
    if (first && last && first.from >= range.from && last.to <= range.to) {
      from = Math.min(from, node.from)
      to = Math.max(to, node.to)
    }
  }
  return { from, to }
}
