/** One person's book: what was handed over, promised, answered and shown, by stream, over all lives of the client. */
import type { Acknowledgement, Change, Sending, Showing } from './evidence.ts'

export interface Page {
  readonly sendings: Sending[]
  readonly acknowledgements: Acknowledgement[]
  readonly changes: Change[]
  readonly showings: Showing[]
  marked: number
}

export class Ledger {
  readonly #pages = new Map<number, Page>()

  page(stream: number): Page {
    const known = this.#pages.get(stream)
    if (known) return known
    const page: Page = { sendings: [], acknowledgements: [], changes: [], showings: [], marked: 0 }
    this.#pages.set(stream, page)
    return page
  }

  /** Answers that said that something is written: messages by key, and changes. */
  get acknowledged(): number {
    let count = 0
    for (const { acknowledgements, changes } of this.#pages.values()) {
      count += new Set(acknowledgements.map(({ key }) => key)).size
      for (const change of changes) if (change.sequence !== null) count++
    }
    return count
  }

  /** Events shown, over all streams and lives. */
  get shown(): number {
    let count = 0
    for (const { showings } of this.#pages.values()) for (const { sequences } of showings) count += sequences.length
    return count
  }
}
