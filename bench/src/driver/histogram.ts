/** Latencies in buckets that grow by 1 %, from a microsecond to over a minute: constant memory, no sorting. */
import type { Latency } from './job.ts'

const growth = Math.log(1.01)
const buckets = 2_000

export class Histogram {
  readonly #counts = new Uint32Array(buckets)
  #total = 0

  add(milliseconds: number): void {
    const index = Math.trunc(Math.log(Math.max(milliseconds * 1_000, 1)) / growth)
    const bucket = Math.min(index, buckets - 1)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#total++
  }

  clear(): void {
    this.#counts.fill(0)
    this.#total = 0
  }

  /** The middle of the bucket that holds this part of all values, in milliseconds. */
  quantile(part: number): number {
    let left = Math.ceil(this.#total * part)
    for (let index = 0; index < buckets; index++) {
      left -= this.#counts[index] ?? 0
      if (left <= 0) return Math.exp((index + 0.5) * growth) / 1_000
    }
    return Number.NaN
  }

  summary(): Latency {
    return { p50: this.quantile(0.5), p99: this.quantile(0.99) }
  }
}
