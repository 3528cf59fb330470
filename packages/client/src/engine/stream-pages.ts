/**
 * The pages of streams that are being caught up with. While one page travels and is applied, the one behind it is
 * already asked for: over a slow line that halves the time, and the server reads while this device works. At most two
 * pages of a stream are on their way. A page that no longer joins on is dropped: the one before it came shorter, because
 * the server bounds pages by weight, or the stream began anew. Where pages come short none is asked for ahead.
 */
import type { Cursor, StreamId } from '@recado/protocol'
import type { Core } from './core.ts'
import type { Outcome, Settle } from './requests.ts'

type ReadOutcome = Outcome<'stream.read'>

interface Page {
  readonly after: number
  /** Null while it is on its way. */
  outcome: ReadOutcome | null
  /** Whoever waits for it. */
  settle: Settle<'stream.read'> | null
}

interface Wish {
  readonly stream: StreamId
  readonly cursor: Cursor
  /** The newest event that is known to be there. */
  readonly wanted: number
}

export class StreamPages {
  readonly #core: Core
  /** The page behind the one that was asked for last. */
  readonly #ahead = new Map<StreamId, Page>()
  readonly #short = new Set<StreamId>()

  constructor(core: Core) {
    this.#core = core
  }

  /** The page behind the cursor. `settle` is called once, unless there is no connection. */
  read(wish: Wish, settle: Settle<'stream.read'>): void {
    const { stream, cursor } = wish
    const known = this.#ahead.get(stream)
    this.#ahead.delete(stream)
    const page = known?.after === cursor.sequence ? known : this.#ask(wish, cursor.sequence)
    const next = cursor.sequence + this.#core.options.eventsPerPage
    if (next < wish.wanted && !this.#short.has(stream)) this.#ahead.set(stream, this.#ask(wish, next))
    if (page.outcome === null) page.settle = settle
    else settle(page.outcome)
  }

  /** What is on its way is lost, and what came from a connection that ended is not used on another. */
  disconnected(): void {
    this.#ahead.clear()
    this.#short.clear()
  }

  #ask({ stream, cursor }: Wish, after: number): Page {
    const page: Page = { after, outcome: null, settle: null }
    const limit = this.#core.options.eventsPerPage
    this.#core.send('stream.read', { stream, cursor, limit, ...(after > cursor.sequence && { after }) }, outcome => {
      page.outcome = outcome
      if ('result' in outcome && after + limit < outcome.result.head.sequence && outcome.result.items.length < limit) {
        this.#short.add(stream)
      }
      page.settle?.(outcome)
    })
    return page
  }
}
