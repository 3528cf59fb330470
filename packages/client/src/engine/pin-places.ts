/** Where a conversation goes among the pinned: numbers with room between them, so that moving one changes one. */
import type { ConversationId } from '@recado/protocol'
import type { ConversationView } from '../types.ts'

const spacing = 2 ** 20

/** Pinned ones in their order. Two devices may have chosen the same place: then the older conversation comes first. */
export function comparePins(a: ConversationView, b: ConversationView): number {
  return (a.pinned ?? 0) - (b.pinned ?? 0) || a.id - b.id
}

/**
 * The places to be given so that `id` stands before another pinned one, or last for null: its own, or where there is no
 * room left, everybody's.
 */
export function placePin(
  pinned: readonly ConversationView[],
  id: ConversationId,
  before: ConversationId | null,
): ReadonlyMap<ConversationId, number> {
  const others = pinned.filter(view => view.id !== id && view.pinned !== null).sort(comparePins)
  const found = others.findIndex(view => view.id === before)
  const index = found < 0 ? others.length : found
  const [above, below] = [others[index - 1]?.pinned ?? null, others[index]?.pinned ?? null]
  const place = between(above, below)
  if (place !== null) return new Map([[id, place]])
  const order = others.map(view => view.id)
  order.splice(index, 0, id)
  return new Map(order.map((conversationId, at) => [conversationId, at * spacing]))
}

function between(above: number | null, below: number | null): number | null {
  if (above === null && below === null) return 0
  const place = above === null ? (below ?? 0) - spacing : below === null ? above + spacing : middle(above, below)
  return place !== null && Number.isSafeInteger(place) ? place : null
}

function middle(above: number, below: number): number | null {
  const place = Math.floor(above / 2 + below / 2)
  return place > above && place < below ? place : null
}
