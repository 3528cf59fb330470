/**
 * The one function that decides what of a conversation an account may see (L8). What it may not see arrives as `void`,
 * so that sequences stay dense.
 */
import { type StreamEvent, targetOf } from '@recado/protocol'

export function maySee(visibleFrom: number, sequence: number): boolean {
  return sequence >= visibleFrom
}

export function presentTo(visibleFrom: number, event: StreamEvent): StreamEvent {
  // An edit of what one may not see is not seen either.
  const target = targetOf(event)
  if (maySee(visibleFrom, event.sequence) && (target === null || maySee(visibleFrom, target))) return event
  return { sequence: event.sequence, micros: event.micros, kind: 'void', actorId: null, data: {} }
}
