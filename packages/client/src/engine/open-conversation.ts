/** One opened conversation: its window of messages, everybody's positions, its members, and the snapshot of all that. */
import {
  type AccountId,
  type ConversationId,
  limits,
  type Member,
  type MemberPosition,
  type StreamEvent,
} from '@recado/protocol'
import { mergePosition } from '../cache/persist.ts'
import { readPositions } from '../cache/restore.ts'
import type { ConversationSnapshot, ConversationView } from '../types.ts'
import { type ConversationState, isLarge } from './model.ts'
import type { Parts } from './parts.ts'
import { type ChangesBySequence, groupChanges } from './pending-changes.ts'
import { Pins } from './pins.ts'
import { type ItemSources, ItemViews, Reach } from './views.ts'
import { ConversationWindow } from './window.ts'

/** Of so many members the names are at hand; of a larger group the others are asked for by `member.list`. */
const knownMembers = 500

export class OpenConversation {
  readonly id: ConversationId
  readonly #parts: Parts
  #window: ConversationWindow | null = null
  #members: Member[] | null = null
  #wantsMembers = false
  readonly #views = new ItemViews()
  readonly #pins: Pins
  #changes: ChangesBySequence = new Map()
  #snapshot: ConversationSnapshot | null = null

  constructor(parts: Parts, id: ConversationId) {
    this.#parts = parts
    this.id = id
    this.#pins = new Pins(parts, id)
  }

  get state(): ConversationState | null {
    return this.#window?.state ?? null
  }

  get window(): ConversationWindow | null {
    return this.#window
  }

  /** The conversation is known, or began again. */
  async attach(state: ConversationState): Promise<void> {
    const { core } = this.#parts
    this.#window ??= new ConversationWindow(core, state, () => core.changed(this.id))
    this.#window.state = state
    if (this.#wantsMembers) void this.loadMembers()
    await Promise.all([this.#window.openNewest(), this.#openPositions(state), this.#pins.open()])
  }

  detach(): void {
    this.#window = null
    this.#members = null
    this.#parts.core.changed(this.id)
  }

  connected(): void {
    if (!this.#window) return
    void this.#window.reconnected()
    this.#pins.disconnected()
    this.#pins.pull()
    this.#watchPositions(this.#window.state)
    // Events keep those that are known; who asked while nothing came through is answered now.
    if (this.#wantsMembers && !this.#members) void this.loadMembers()
  }

  sizeChanged(state: ConversationState): void {
    if (this.state === state) this.#watchPositions(state)
  }

  close(): void {
    if (this.state) this.state.positions = null
  }

  applied(events: readonly StreamEvent[]): void {
    const window = this.#window
    if (!window) return
    for (const event of events) {
      window.apply(event)
      this.#pins.apply(event)
      this.#applyToMembers(event)
    }
  }

  async loadMembers(): Promise<void> {
    const { core, people } = this.#parts
    this.#wantsMembers = true
    const members: Member[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const ask = (next: string | null) => {
      const data = { conversationId: this.id, limit: limits.pageSize, ...(next !== null && { next }) }
      const asked = core.send('member.list', data, outcome => {
        if (!('result' in outcome)) return resolve()
        members.push(...outcome.result.items)
        people.learn(outcome.result.items.map(member => member.person))
        if (outcome.result.next !== null && members.length < knownMembers) return ask(outcome.result.next)
        this.#members = members
        core.changed(this.id)
        resolve()
      })
      if (!asked) resolve()
    }
    ask(null)
    return promise
  }

  receiptsOf(sequence: number): { delivered: AccountId[]; read: AccountId[] } {
    const { me } = this.#parts.core.model
    const positions = [...this.#positions().values()].filter(position => position.accountId !== me)
    return {
      delivered: positions.filter(p => Math.max(p.delivered, p.read) >= sequence).map(p => p.accountId),
      read: positions.filter(p => p.read >= sequence).map(p => p.accountId),
    }
  }

  changed(): void {
    this.#snapshot = null
  }

  snapshot(view: ConversationView | null): ConversationSnapshot {
    if (this.#snapshot && this.#snapshot.view === view) return this.#snapshot
    const window = this.#window
    const { items } = this.#parts.outbox
    this.#changes = groupChanges(items.of(this.id), this.#changes)
    this.#snapshot = {
      id: this.id,
      view,
      items: window ? this.#items(window) : this.#views.pendingOnly(items.of(this.id)),
      hasOlder: window?.hasOlder ?? true,
      hasNewer: window?.hasNewer ?? false,
      loading: window ? { ...window.loading } : { first: true, older: false, newer: false },
      problem: window?.problem ?? null,
      members: this.#members && [...this.#members],
      positions: this.#positions(),
      typing: this.#parts.typing.of(this.id),
      pins: window ? this.#pins.views(this.#changes, sequence => window.find(sequence)) : null,
    }
    return this.#snapshot
  }

  #items(window: ConversationWindow) {
    const { core, outbox, people, saved } = this.#parts
    const { me } = core.model
    const reach = new Reach(this.#positions().values(), me, window.state.conversation.memberCount)
    const sources: ItemSources = {
      ...{ me, window, reach, changes: this.#changes, outbox: outbox.items.of(this.id) },
      isPinned: sequence => this.#pins.has(sequence),
      isSaved: sequence => saved.has(this.id, sequence),
    }
    const items = this.#views.build(sources)
    const authors = new Set<AccountId>()
    const quotes: number[] = []
    for (const item of items) {
      if (item.type === 'message') authors.add(item.message.authorId)
      const { forwardedFrom } = item.type === 'message' ? item.message : item
      if (forwardedFrom !== null) authors.add(forwardedFrom)
      const replyTo = item.type === 'message' ? item.message.replyTo : item.replyTo
      if (item.quoted === undefined && replyTo !== null) quotes.push(replyTo)
    }
    people.want(authors)
    window.lookUpQuotes(quotes)
    return items
  }

  async #openPositions(state: ConversationState): Promise<void> {
    const { core } = this.#parts
    state.positions = new Map()
    const stored =
      state.positionsVersion === null
        ? []
        : await core.guard(core.writer.transact(cache => readPositions(cache, state.id)))
    if (!stored || state.positions === null) return
    for (const item of stored) {
      const known = state.positions.get(item.accountId)
      state.positions.set(item.accountId, known ? mergePosition(known, item) : item)
    }
    core.changed(this.id)
    this.#watchPositions(state)
  }

  /** Above a certain size positions come only to who watches; what moved before is asked for. */
  #watchPositions(state: ConversationState): void {
    const { sync } = this.#parts
    sync.watchPositions()
    if (state.positionsVersion === null && !isLarge(state)) sync.registers(state)
  }

  /**
   * Who writes has had and read all before it (L11): no register says so. Of somebody who hides what was read, or of whom
   * no row has come yet, only that it was had.
   */
  #positions(): Map<AccountId, MemberPosition> {
    const positions = new Map(this.state?.positions)
    for (const { authorId, sequence } of this.#window?.messages ?? []) {
      const known = positions.get(authorId)
      if (known && known.read >= sequence) continue
      const mayShow = known !== undefined && known.readHidden === undefined
      positions.set(authorId, {
        accountId: authorId,
        read: 0,
        ...known,
        delivered: Math.max(known?.delivered ?? 0, sequence),
        ...(mayShow && { read: sequence }),
      })
    }
    return positions
  }

  #applyToMembers(event: StreamEvent): void {
    if (!this.#members) return
    if (!isMemberChange(event)) return
    const { accountId, role } = event.data
    const index = this.#members.findIndex(member => member.person.id === accountId)
    const known = this.#members[index]
    if (role === null && known) this.#members.splice(index, 1)
    else if (role !== null && known) this.#members[index] = { ...known, role }
    else if (role !== null && this.#members.length < knownMembers) void this.loadMembers()
  }
}

type MemberChange = Extract<StreamEvent, { kind: `member.${string}` }>

function isMemberChange(event: StreamEvent): event is MemberChange {
  return event.kind.startsWith('member.')
}
