/** How far a mail got with each of its recipients: rows of a register (L11), of which the highest version counts. */
import {
  type DeliveriesFrame,
  type Delivery,
  limits,
  type MailId,
  type MailStatuses,
  type Problem,
} from '@recado/protocol'
import { type MailContext, priorities, pull } from './context.ts'
import { Listeners } from './hub.ts'
import type { DeliveriesHandle, DeliveriesSnapshot } from './mail-api.ts'

export class AllDeliveries {
  readonly #context: MailContext
  readonly #deliveries = new Map<MailId, Deliveries>()

  constructor(context: MailContext) {
    this.#context = context
  }

  of(mailId: MailId): Deliveries {
    const known = this.#deliveries.get(mailId)
    if (known) return known
    const deliveries = new Deliveries(this.#context, mailId)
    this.#deliveries.set(mailId, deliveries)
    return deliveries
  }

  moved(frame: DeliveriesFrame): void {
    this.#context.headers.learnStatuses(frame.mailId, frame.statuses)
    this.#deliveries.get(frame.mailId)?.moved(frame)
  }

  /** Frames were left out: what is kept of this mail is read again. */
  behind(mailId: MailId, version: number): void {
    const known = this.#context.headers.get(mailId)?.statuses
    if (!known) return
    if (known.version >= version) {
      this.#deliveries.get(mailId)?.catchUp()
      return
    }
    pull(this.#context, 'delivery.list', {
      name: `statuses:${mailId}`,
      priority: priorities.counted,
      data: () => ({ mailId, limit: 1 }),
      settle: outcome => {
        if ('result' in outcome) {
          const { statuses } = outcome.result
          this.moved({ type: 'deliveries', mailId, statuses, above: statuses.version, items: [] })
        }
        return 'done'
      },
    })
  }

  connectionChanged(): void {
    for (const deliveries of this.#deliveries.values()) deliveries.connectionChanged()
  }
}

export class Deliveries implements DeliveriesHandle {
  readonly #context: MailContext
  readonly #mailId: MailId
  readonly #listeners: Listeners
  readonly #rows = new Map<number, Delivery>()
  #statuses: MailStatuses | null = null
  /** Every row that is shown is as of this version at least. */
  #version = 0
  #loading: 'no' | 'yes' = 'no'
  /** Null once all rows are here, undefined before the first page. */
  #next: string | null | undefined
  /** Up to which number rows are shown. */
  #last = 0
  #waiting: (() => void)[] = []
  #problem: Problem | null = null
  #snapshot: DeliveriesSnapshot | null = null

  constructor(context: MailContext, mailId: MailId) {
    this.#context = context
    this.#mailId = mailId
    this.#listeners = new Listeners(context.hub)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stop = this.#listeners.add(listener)
    if (this.#listeners.all.size === 1) this.#begin()
    return stop
  }

  readonly getSnapshot = (): DeliveriesSnapshot => {
    this.#snapshot ??= {
      statuses: this.#newest(),
      items: [...this.#rows.values()].sort((a, b) => a.number - b.number),
      hasMore: this.#next !== null,
      loading: this.#loading === 'yes',
      problem: this.#problem,
    }
    return this.#snapshot
  }

  async loadMore(): Promise<void> {
    if (this.#next === null) return
    if (!this.#context.core.online()) return
    const loaded = new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#page()
    await loaded
  }

  /** With its rows, if it has few recipients and no frame was left out before this one; else they are read. */
  moved({ statuses, above, items }: DeliveriesFrame): void {
    this.#learn(statuses, items, 'changes')
    if (items.length > 0 && above <= this.#version) this.#version = Math.max(this.#version, statuses.version)
    this.catchUp()
  }

  connectionChanged(): void {
    this.#loading = 'no'
    this.#released()
    if (this.#listeners.all.size > 0 && this.#context.core.online()) this.#begin()
    this.#changed()
  }

  #begin(): void {
    if (this.#next === undefined) this.#page()
    else this.#changes()
  }

  /** Reads the rows that its counts are ahead of, if somebody looks. */
  catchUp(): void {
    if (this.#listeners.all.size === 0 || this.#next === undefined) return
    if (this.#statuses && this.#statuses.version > this.#version) this.#changes()
  }

  #page(): void {
    if (!this.#context.core.online()) return
    this.#loading = 'yes'
    this.#changed()
    pull(this.#context, 'delivery.list', {
      name: `deliveries:${this.#mailId}`,
      priority: priorities.shown,
      data: () => ({ mailId: this.#mailId, limit: limits.pageSize, ...(this.#next && { next: this.#next }) }),
      settle: outcome => {
        this.#problem = 'problem' in outcome ? outcome.problem : null
        if ('result' in outcome) {
          const { items, statuses, next } = outcome.result
          if (this.#next === undefined) this.#version = statuses.version
          this.#next = next
          this.#last = next === null ? Number.POSITIVE_INFINITY : (items.at(-1)?.number ?? this.#last)
          this.#learn(statuses, items, 'page')
        }
        this.#loading = 'no'
        this.#changed()
        this.#released()
        this.catchUp()
        return 'done'
      },
    })
  }

  /** The rows that changed since: those that are not shown yet come with their page. */
  #changes(): void {
    let next: string | null = null
    // As of the first page: what changes in it while the others are read has a higher version.
    let version: number | undefined
    const above = this.#version
    pull(this.#context, 'delivery.list', {
      name: `changed:${this.#mailId}`,
      priority: priorities.shown,
      data: () => ({ mailId: this.#mailId, above, limit: limits.pageSize, ...(next !== null && { next }) }),
      settle: outcome => {
        if (!('result' in outcome)) return 'done'
        const { items, statuses } = outcome.result
        this.#learn(statuses, items, 'changes')
        version ??= statuses.version
        next = (items.at(-1)?.number ?? 0) > this.#last ? null : outcome.result.next
        if (next !== null) return 'again'
        this.#version = Math.max(this.#version, version)
        return 'done'
      },
    })
  }

  #learn(statuses: MailStatuses, items: readonly Delivery[], what: 'page' | 'changes'): void {
    for (const item of items) {
      const known = this.#rows.get(item.number)
      const isShown = what === 'page' || item.number <= this.#last
      if (known ? item.version > known.version : isShown) this.#rows.set(item.number, item)
    }
    if (!this.#statuses || statuses.version > this.#statuses.version) this.#statuses = statuses
    this.#context.headers.learnStatuses(this.#mailId, statuses)
    this.#changed()
  }

  #newest(): MailStatuses | null {
    const kept = this.#context.headers.get(this.#mailId)?.statuses ?? null
    if (!this.#statuses || !kept) return this.#statuses ?? kept
    return kept.version > this.#statuses.version ? kept : this.#statuses
  }

  #released(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #changed(): void {
    this.#snapshot = null
    this.#listeners.changed()
  }
}
