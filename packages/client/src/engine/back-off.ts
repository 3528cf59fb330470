/** Exponential back-off with full jitter: many clients that lost the same server do not come back in step. */
export interface BackOff {
  readonly firstMs: number
  readonly maxMs: number
}

/** At least a fifth of the ceiling, so that a low draw is no hot loop. `attempt` counts from 0. */
export function backOffMs(backOff: BackOff, attempt: number, random: number): number {
  const ceiling = Math.min(backOff.maxMs, backOff.firstMs * 2 ** Math.min(attempt, 20))
  return Math.round(ceiling * (0.2 + 0.8 * random))
}
