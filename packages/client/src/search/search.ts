/**
 * Full text over the messages that this device keeps, without the network (S2): conversation by conversation, most recent
 * first, in slices, so that whoever types meanwhile notices nothing.
 *
 * What is shown was read from storage for this very search and belongs to a conversation one is in now (L8): what was
 * deleted, edited away or left is not found. What lies only on the server is not found either.
 */
import type { ConversationId, Message } from '@recado/protocol'
import type { Cache } from '../cache/cache.ts'
import type { Change } from '../cache/changes.ts'
import type { CachedConversation } from '../cache/rows.ts'
import type { Core } from '../engine/core.ts'
import type { MessageHit, MessageSearchGroup, MessageSearchOptions, MessageSearchResult } from '../types.ts'
import { findRanges, matches, parseQuery, type Query } from './fold.ts'
import { type MessageNarrowing, narrowMessages } from './narrowing.ts'
import { TextIndex } from './text-index.ts'

/** No longer than this without giving others their turn: half a frame. */
const sliceMs = 8
const textsBetweenLooks = 256
const hitsInAll = 200
const hitsEach = 20
const progressEveryMs = 80

export class MessageSearch {
  readonly #core: Core
  readonly #index = new TextIndex()
  /** One search reads at a time: the next begins when this one is done or given up. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(core: Core) {
    this.#core = core
  }

  stored(changes: readonly Change[]): void {
    this.#index.stored(changes)
  }

  find(text: string, options: MessageSearchOptions): Promise<MessageSearchResult> {
    const turn = this.#turn.then(() => new Run(this.#core, this.#index, { text, options }).done())
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

interface Order {
  readonly text: string
  readonly options: MessageSearchOptions
}

class Run {
  readonly #core: Core
  readonly #index: TextIndex
  readonly #options: MessageSearchOptions
  readonly #query: Query
  readonly #narrowing: MessageNarrowing
  /** There are only operators: any text will do. */
  readonly #anything: boolean
  readonly #groups: MessageSearchGroup[] = []
  readonly #order: Order
  #hits = 0
  #sliceFrom: number
  #toldAt: number

  constructor(core: Core, index: TextIndex, order: Order) {
    this.#core = core
    this.#index = index
    this.#order = order
    this.#options = order.options
    this.#narrowing = narrowMessages(order.text, core.model)
    this.#query = parseQuery(this.#narrowing.words)
    this.#anything = this.#query.length === 0 && this.#narrowing.narrows
    this.#sliceFrom = core.clock.now()
    this.#toldAt = core.clock.now()
  }

  async done(): Promise<MessageSearchResult> {
    this.#options.signal?.throwIfAborted()
    const rows = await this.#stored()
    for (const row of rows) {
      if (this.#hits >= (this.#options.limit ?? hitsInAll)) return this.#result('limited')
      const group = await this.#look(row)
      if (!group) continue
      this.#groups.push(group)
      this.#hits += group.hits.length
      this.#tell()
    }
    return this.#result('complete')
  }

  /** What is stored of the conversations one is in, most recent first. */
  async #stored(): Promise<CachedConversation[]> {
    const { unknown, beyond } = this.#narrowing
    if ((this.#query.length === 0 && !this.#anything) || unknown.length + beyond.length > 0) return []
    const stored = await this.#read(cache => cache.read(['conversations'], rows => rows.list('conversations')))
    this.#index.retain(new Set(stored.map(row => row.conversation.id)))
    const { conversationId } = this.#options
    return stored
      .filter(({ conversation: { id } }) => this.#isMember(id) && (conversationId ?? id) === id)
      .filter(({ conversation: { id } }) => this.#narrowing.mayHold(id))
      .sort((a, b) => (activityOf(a) < activityOf(b) ? 1 : -1))
  }

  async #look(row: CachedConversation): Promise<MessageSearchGroup | null> {
    const { id } = row.conversation
    const candidates: number[] = []
    for await (const { sequences, texts } of this.#index.texts(row, work => this.#read(work))) {
      for (let index = 0; index < texts.length; index += 1) {
        if (index % textsBetweenLooks === 0) await this.#giveTurn()
        if (this.#anything || matches(texts[index] ?? '', this.#query)) candidates.push(sequences[index] ?? 0)
      }
    }
    const each = this.#options.perConversation ?? hitsEach
    const hits: MessageHit[] = []
    while (candidates.length > 0 && hits.length < each) {
      const next = candidates.splice(-(each - hits.length)).reverse()
      hits.push(...(await this.#verify(id, next)))
    }
    if (hits.length === 0 || !this.#isMember(id)) return null
    return { conversationId: id, hits, more: candidates.length > 0 }
  }

  async #verify(id: ConversationId, sequences: readonly number[]): Promise<MessageHit[]> {
    const messages = await this.#read(cache =>
      cache.read(['messages'], rows => Promise.all(sequences.map(sequence => rows.get('messages', [id, sequence])))),
    )
    return messages.flatMap(message => {
      if (!message || message.body === null || !this.#narrowing.allows(message)) return []
      const ranges = findRanges(message.body, this.#query)
      return this.#anything || ranges.length > 0 ? [present(message, message.body, ranges)] : []
    })
  }

  #isMember(id: ConversationId): boolean {
    return this.#core.model.conversations.get(id)?.membership === 'member'
  }

  async #read<Result>(work: (cache: Cache) => Promise<Result>): Promise<Result> {
    const result = await this.#core.writer.transact(work)
    await this.#giveTurn()
    return result
  }

  async #giveTurn(): Promise<void> {
    const { clock } = this.#core
    if (clock.now() - this.#sliceFrom >= sliceMs) {
      await new Promise<void>(resolve => clock.setTimer(0, resolve))
      this.#sliceFrom = clock.now()
    }
    this.#options.signal?.throwIfAborted()
  }

  #tell(): void {
    const now = this.#core.clock.now()
    if (!this.#options.progress || now - this.#toldAt < progressEveryMs) return
    this.#toldAt = now
    this.#options.progress(this.#result('searching'))
  }

  #result(state: MessageSearchResult['state']): MessageSearchResult {
    const { unknown, beyond } = this.#narrowing
    return { query: this.#order.text, groups: [...this.#groups], state, unknown, beyond }
  }
}

function activityOf({ conversation }: CachedConversation): string {
  return conversation.lastMessage?.createdAt ?? conversation.createdAt
}

function present(message: Message, body: string, ranges: MessageHit['ranges']): MessageHit {
  const { conversationId, sequence, authorId, createdAt } = message
  return { conversationId, sequence, authorId, createdAt, body, ranges }
}
