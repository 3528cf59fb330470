/** What is measured: each figure with the bound that it must keep, if one is promised. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** At most this much. */
  readonly bound?: number
  /** How it was had, where the name does not say it. */
  readonly how?: string
}

export function holds({ value, bound }: Figure): boolean {
  return bound === undefined || value <= bound
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
