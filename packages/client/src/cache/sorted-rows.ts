/** Rows sorted by a key of two numbers: a bucket per first number, so that a write moves only its own conversation's keys. */
type Parts = readonly [number, number]
interface Range {
  readonly from: Parts
  readonly to: Parts
}

interface Bucket<Row> {
  readonly rows: Map<number, Row>
  readonly keys: number[]
}

export class SortedRows<Row> {
  readonly #buckets = new Map<number, Bucket<Row>>()

  get([first, second]: Parts): Row | undefined {
    return this.#buckets.get(first)?.rows.get(second)
  }

  /** Undefined removes. */
  set([first, second]: Parts, row: Row | undefined): void {
    const bucket = this.#buckets.get(first) ?? { rows: new Map(), keys: [] }
    if (row === undefined) {
      if (bucket.rows.delete(second)) bucket.keys.splice(lowerBound(bucket.keys, second), 1)
      if (bucket.keys.length === 0) this.#buckets.delete(first)
      return
    }
    this.#buckets.set(first, bucket)
    if (!bucket.rows.has(second)) bucket.keys.splice(lowerBound(bucket.keys, second), 0, second)
    bucket.rows.set(second, row)
  }

  range(range: Range | undefined, order: 'ascending' | 'descending', limit = Number.POSITIVE_INFINITY): [Parts, Row][] {
    const found: [Parts, Row][] = []
    const firsts =
      range && range.from[0] === range.to[0]
        ? [range.from[0]]
        : [...this.#buckets.keys()]
            .filter(first => !range || (first >= range.from[0] && first <= range.to[0]))
            .sort((a, b) => (order === 'ascending' ? a - b : b - a))
    for (const first of firsts) {
      const bucket = this.#buckets.get(first)
      if (bucket) collect({ first, bucket, range, order, limit, found })
      if (found.length >= limit) break
    }
    return found
  }
}

interface Collection<Row> {
  readonly first: number
  readonly bucket: Bucket<Row>
  readonly range: Range | undefined
  readonly order: 'ascending' | 'descending'
  readonly limit: number
  readonly found: [Parts, Row][]
}

function collect<Row>({ first, bucket, range, order, limit, found }: Collection<Row>): void {
  const start = range && range.from[0] === first ? lowerBound(bucket.keys, range.from[1]) : 0
  const end = range && range.to[0] === first ? lowerBound(bucket.keys, range.to[1] + 1) : bucket.keys.length
  for (let offset = 0; offset < end - start && found.length < limit; offset++) {
    const second = bucket.keys[order === 'ascending' ? start + offset : end - 1 - offset]
    const row = second === undefined ? undefined : bucket.rows.get(second)
    if (second !== undefined && row !== undefined) found.push([[first, second], row])
  }
}

function lowerBound(keys: readonly number[], key: number): number {
  const last = keys.at(-1)
  if (last === undefined || last < key) return keys.length
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? 0) < key) low = middle + 1
    else high = middle
  }
  return low
}
