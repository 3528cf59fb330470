import type { Core } from '../engine/core.ts'

/** A place behind those that are known, which no other tab gives away: by the clock, and chance. */
export function placeIn(known: Iterable<number>, { clock, random }: Pick<Core, 'clock' | 'random'>): number {
  let last = 0
  for (const place of known) last = Math.max(last, place)
  return Math.max(last + 1, clock.now() * 1_000 + Math.floor(random.next() * 1_000))
}
