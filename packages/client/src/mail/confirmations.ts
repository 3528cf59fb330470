/**
 * Tells the server what has arrived on this device (M6): the mails of events that are stored here, and only those. Where
 * this device does not know what came before its first event, it first fetches what was received then.
 */
import { limits } from '@recado/protocol'
import type { Change } from '../cache/changes.ts'
import type { Cancel } from '../ports.ts'
import { type MailContext, priorities, pull } from './context.ts'
import { viewKey } from './entries.ts'
import { keptHeaders } from './kept-mails.ts'
import { deeper } from './knowledge.ts'

const gatherMs = 250
const received = { folder: 'received' } as const

export class Confirmations {
  readonly #context: MailContext
  /** Up to which event of one's own stream everything is stored. */
  #stored = 0
  /** The last event that is worth telling. */
  #wanted = 0
  #timer: Cancel | null = null
  #walked = 0
  #next: string | null = null

  constructor(context: MailContext) {
    this.#context = context
  }

  /** What is stored at the start, and may not have been told. */
  load(stored: number): void {
    this.#stored = Math.max(this.#stored, stored)
    if (this.#context.knowledge.meta) this.#wanted = Math.max(this.#wanted, stored)
  }

  arrived(sequence: number): void {
    this.#wanted = Math.max(this.#wanted, sequence)
  }

  /** Written to storage, in this order. */
  stored(changes: readonly Change[]): void {
    const { core } = this.#context
    for (const change of changes) {
      if ((change.kind === 'meta' || change.kind === 'wipe') && change.meta.epoch === core.model.epoch) {
        this.#stored = Math.max(this.#stored, change.meta.cursor.sequence)
      }
    }
    this.#touch()
  }

  /** Another history, or a gap: what was told of the last one says nothing here. */
  startOver(): void {
    const own = this.#context.core.model.own?.cursor.sequence ?? 0
    this.#stored = 0
    this.#wanted = own
    this.#walked = 0
    this.#next = null
  }

  connected(): void {
    if (this.#context.core.options.receipts === 'none') return
    this.#next = null
    this.#walked = 0
    if (this.#context.knowledge.meta?.walked === 'no') this.#walk()
    this.#touch()
  }

  disconnected(): void {
    this.#timer?.()
    this.#timer = null
  }

  /** All that was received, newest first, as far as this device keeps mails. */
  #walk(): void {
    const key = viewKey(received)
    pull(this.#context, 'mailbox.list', {
      name: 'walk',
      priority: priorities.kept,
      data: () => ({ ...received, limit: limits.pageSize, ...(this.#next !== null && { next: this.#next }) }),
      settle: outcome => {
        if (!('result' in outcome)) return 'done'
        const { headers, knowledge } = this.#context
        const { items, next } = outcome.result
        headers.learn(items, 'new')
        const reached = { at: next === null ? null : (items.at(-1)?.entry.at ?? null) }
        knowledge.extend(key, deeper(knowledge.extent(key), reached))
        this.#next = next
        this.#walked += items.length
        if (next !== null && this.#walked < keptHeaders) return 'again'
        knowledge.change({ walked: 'yes' })
        this.#wanted = Math.max(this.#wanted, knowledge.meta?.since ?? 0)
        this.#whenStored()
        return 'done'
      },
    })
  }

  #whenStored(): void {
    const { core } = this.#context
    void core.guard(core.writer.flushed()).then(() => this.#touch())
  }

  get #due(): number | null {
    const { core, knowledge } = this.#context
    const { meta } = knowledge
    if (core.options.receipts === 'none' || !meta || meta.walked === 'no') return null
    return this.#wanted > meta.confirmed && this.#stored >= this.#wanted ? this.#stored : null
  }

  #touch(): void {
    const { core } = this.#context
    if (!core.online() || this.#due === null) return
    this.#timer ??= core.clock.setTimer(gatherMs, () => {
      this.#timer = null
      this.#confirm()
    })
  }

  #confirm(): void {
    let told = 0
    pull(this.#context, 'delivery.confirm', {
      name: 'confirm',
      priority: priorities.counted,
      data: () => {
        told = this.#due ?? 0
        return told === 0 ? null : { sequence: told }
      },
      settle: outcome => {
        if ('result' in outcome) this.#context.knowledge.change({ confirmed: told })
        this.#touch()
        return 'done'
      },
    })
  }
}
