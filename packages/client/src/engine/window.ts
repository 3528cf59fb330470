/**
 * The messages of an opened conversation, in memory: a run of history without holes, bounded, either attached to the
 * newest end, where events append to it, or somewhere further back. What falls off is loaded again when asked for.
 */
import type { Message, Problem, StreamEvent } from '@recado/protocol'
import type { PagePlace } from '../cache/restore.ts'
import type { Core } from './core.ts'
import { applyToList, findBySequence, indexOfSequence, mergePage } from './messages.ts'
import type { ConversationState } from './model.ts'
import { loadCachedPage, loadServerPage, type Page, type PageOutcome, unreachable } from './pages.ts'

const pageMessages = 50
/** Live messages may exceed the bound by this much before the oldest go, so that it does not happen at each. */
const slack = 100
/** How many quoted messages that are not in the window are remembered. */
const quotesKept = 300

export class ConversationWindow {
  readonly #core: Core
  readonly #changed: () => void
  state: ConversationState
  messages: Message[] = []
  hasOlder = true
  hasNewer = false
  readonly loading = { first: false, older: false, newer: false }
  problem: Problem | null = null
  /** The message that is being read; null for the newest. */
  reading: number | null = null
  /** Quoted messages from elsewhere; null is one that is not there, or not for us. */
  readonly quotes = new Map<number, Message | null>()
  readonly #quotesWanted = new Set<number>()
  readonly #opened = Promise.withResolvers<void>()
  /** Answers to loads of a window that has moved elsewhere meanwhile are dropped. */
  #turn = 0

  constructor(core: Core, state: ConversationState, changed: () => void) {
    this.#core = core
    this.state = state
    this.#changed = changed
  }

  /** Resolves once the newest messages can be shown, or nothing can. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  apply(event: StreamEvent): boolean {
    const changed = applyToList(this.messages, event, this.hasNewer ? 'only-known' : 'append')
    if (changed && this.messages.length > this.#core.options.windowMessages + slack) this.#trimFarEnd()
    return changed
  }

  find(sequence: number): Message | undefined {
    return findBySequence(this.messages, sequence)
  }

  /** Shows the newest messages: what the cache has at once, then, if that is little, what the server has. */
  async openNewest(): Promise<void> {
    const turn = this.#moveTo([], { hasOlder: true, hasNewer: false })
    this.loading.first = true
    this.#changed()
    await this.#fromCache({ at: 'newest' }, turn, page => this.#prepend(page))
    if (this.messages.length > 0) this.#opened.resolve()
    if (turn !== this.#turn) return
    if (this.messages.length < pageMessages && this.hasOlder) await this.#olderFromServer(turn)
    this.#opened.resolve()
    if (turn !== this.#turn) return
    this.loading.first = false
    this.#changed()
  }

  /** The connection is back: what failed for want of it is done now. */
  async reconnected(): Promise<void> {
    if (this.loading.first || this.loading.older) return
    if (!this.hasNewer && this.hasOlder && this.messages.length < pageMessages) await this.loadOlder()
    this.lookUpQuotes([])
  }

  async loadOlder(): Promise<void> {
    if (this.loading.older || this.loading.first || !this.hasOlder) return
    const turn = this.#turn
    this.loading.older = true
    this.#changed()
    const first = this.messages[0]
    if (first) await this.#fromCache({ at: 'before', sequence: first.sequence }, turn, page => this.#prepend(page))
    if (turn === this.#turn && this.messages[0] === first && this.hasOlder) await this.#olderFromServer(turn)
    if (turn !== this.#turn) return
    this.loading.older = false
    this.#changed()
  }

  async loadNewer(): Promise<void> {
    const last = this.messages.at(-1)
    if (this.loading.newer || !this.hasNewer || !last) return
    const turn = this.#turn
    const place = { at: 'after', sequence: last.sequence } as const
    this.loading.newer = true
    this.#changed()
    const done = await this.#fromCache(place, turn, page => this.#append(page))
    if (turn === this.#turn && done === 'nothing') {
      await this.#fromServer(place, turn, outcome => this.#accept(outcome, page => this.#append(page)))
    }
    if (turn !== this.#turn) return
    this.loading.newer = false
    this.#changed()
  }

  async jumpTo(sequence: number): Promise<void> {
    if (!this.find(sequence)) await this.#moveAround({ at: 'around', sequence })
  }

  /** Resolves to the first message there that is not older than `time`, else the newest; null if there is none. */
  async jumpToTime(time: string): Promise<number | null> {
    if (!this.#covers(time)) await this.#moveAround({ at: 'time', time })
    if (this.problem) return null
    const found = this.messages.find(message => message.createdAt >= time) ?? this.messages.at(-1)
    return found?.sequence ?? null
  }

  #covers(time: string): boolean {
    const [first, last] = [this.messages[0], this.messages.at(-1)]
    if (!first || !last) return false
    return (first.createdAt < time || !this.hasOlder) && (last.createdAt >= time || !this.hasNewer)
  }

  async #moveAround(place: PagePlace): Promise<void> {
    const turn = ++this.#turn
    Object.assign(this.loading, { first: true, older: false, newer: false })
    this.#changed()
    const show = (page: Page) => this.#moveTo(page.messages, page)
    const done = await this.#fromCache(place, turn, show)
    if (turn === this.#turn && done === 'nothing') {
      await this.#fromServer(place, turn, outcome => this.#accept(outcome, show))
    }
    this.loading.first = false
    this.#changed()
  }

  async jumpToNewest(): Promise<void> {
    if (this.hasNewer) await this.openNewest()
  }

  /** Finds the messages that others answer, beyond those in the window; all still missing when none are named. */
  lookUpQuotes(sequences: readonly number[]): void {
    for (const sequence of sequences) if (!this.quotes.has(sequence)) this.#quotesWanted.add(sequence)
    if (!this.#core.online()) return
    for (const sequence of this.#quotesWanted) {
      this.#quotesWanted.delete(sequence)
      this.#lookUpQuote(sequence)
    }
  }

  #lookUpQuote(sequence: number): void {
    const { state } = this
    loadServerPage(this.#core, { state, place: { at: 'around', sequence }, limit: 1 }, outcome => {
      if ('page' in outcome) {
        if (this.quotes.size >= quotesKept) this.quotes.clear()
        this.quotes.set(sequence, outcome.page.messages.find(message => message.sequence === sequence) ?? null)
        this.#changed()
      } else if (outcome.problem.retry === 'never') {
        this.quotes.set(sequence, null)
        this.#changed()
      } else {
        this.#quotesWanted.add(sequence)
      }
    })
  }

  #olderFromServer(turn: number): Promise<void> {
    const first = this.messages[0]
    const place: PagePlace = first ? { at: 'before', sequence: first.sequence } : { at: 'newest' }
    return this.#fromServer(place, turn, outcome => this.#accept(outcome, page => this.#prepend(page)))
  }

  async #fromCache(place: PagePlace, turn: number, use: (page: Page) => void): Promise<'used' | 'nothing'> {
    let done: 'used' | 'nothing' = 'nothing'
    const { state } = this
    await loadCachedPage(this.#core, { state, place, limit: pageMessages }, page => {
      if (!page || turn !== this.#turn || state !== this.state || !this.#joins(place)) return
      if (place.at === 'after' && page.messages.length === 0) return
      done = 'used'
      use(page)
      this.#changed()
    })
    return done
  }

  #fromServer(place: PagePlace, turn: number, use: (outcome: PageOutcome) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { state } = this
    loadServerPage(this.#core, { state, place, limit: pageMessages }, outcome => {
      if (turn === this.#turn && this.#joins(place)) use(state === this.state ? outcome : unreachable())
      resolve()
    })
    return promise
  }

  /** A page that was asked for at an end which has fallen off meanwhile would leave a hole. */
  #joins(place: PagePlace): boolean {
    if (place.at === 'before') return this.messages[0]?.sequence === place.sequence
    if (place.at === 'after') return this.messages.at(-1)?.sequence === place.sequence
    return true
  }

  #accept(outcome: PageOutcome, use: (page: Page) => void): void {
    this.problem = 'problem' in outcome ? outcome.problem : null
    if ('page' in outcome) use(outcome.page)
    this.#changed()
  }

  #prepend(page: Page): void {
    mergePage(this.messages, page.messages)
    this.hasOlder = page.hasOlder
    if (this.messages.length > this.#core.options.windowMessages) this.#trimNewer()
  }

  #append(page: Page): void {
    mergePage(this.messages, page.messages)
    this.hasNewer = page.hasNewer
    if (this.messages.length > this.#core.options.windowMessages) this.#trimOlder()
  }

  /** Live messages must not push out what is being read. */
  #trimFarEnd(): void {
    const reading = this.reading === null ? this.messages.length : indexOfSequence(this.messages, this.reading)
    if (reading > this.messages.length / 2) this.#trimOlder()
    else this.#trimNewer()
  }

  #trimNewer(): void {
    this.messages.length = this.#core.options.windowMessages
    this.hasNewer = true
  }

  #trimOlder(): void {
    this.messages.splice(0, this.messages.length - this.#core.options.windowMessages)
    this.hasOlder = true
  }

  #moveTo(messages: Message[], { hasOlder, hasNewer }: Omit<Page, 'messages'>): number {
    this.messages = [...messages]
    this.hasOlder = hasOlder
    this.hasNewer = hasNewer
    this.problem = null
    Object.assign(this.loading, { first: false, older: false, newer: false })
    return ++this.#turn
  }
}
