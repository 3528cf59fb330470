/** Conversations coming, changing and going: what `conversation.list` and `.get` say, and registers (L11). */
import {
  type Conversation,
  type ConversationId,
  type Head,
  limits,
  type MemberPosition,
  type StreamEvent,
} from '@recado/protocol'
import { mergeConversation, mergePosition, newerSettings } from '../cache/persist.ts'
import { mergeHeads } from './apply-event.ts'
import { newest } from './messages.ts'
import { begun, type ConversationState, createConversationState, cursorAt, hasGap, isLarge } from './model.ts'
import { noLongerMember } from './outbox-requests.ts'
import type { Parts } from './parts.ts'
import { noteReported } from './receipts.ts'

/** What came for a conversation that is being looked up. */
interface Stray {
  sequence: number
  readonly events: StreamEvent[]
}

const strayEvents = 256

/** Events of a page: what such a conversation costs is one more request. */
const followedFromStart = limits.eventsPageSize

export class Conversations {
  readonly #parts: Parts
  /** Moves with each leaving: an answer asked for before, also on an earlier connection or over HTTP, may be older. */
  #leaves = 0
  readonly #leftAt = new Map<ConversationId, number>()
  /** When one joined what is not known here yet. */
  readonly #joinedAt = new Map<ConversationId, number>()
  /** How far streams moved that are not known here yet. */
  readonly #strays = new Map<ConversationId, Stray>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** To be taken before asking for conversations, and handed back with the answer. */
  get moment(): number {
    return this.#leaves
  }

  disconnected(): void {
    this.#joinedAt.clear()
    this.#strays.clear()
  }

  strays(): Iterable<ConversationId> {
    return this.#strays.keys()
  }

  /** An event of a conversation that is not known here; most likely the account's stream is about to tell of it. */
  stray(id: ConversationId, sequence: number, event?: StreamEvent): void {
    const stray = this.#strays.get(id) ?? { sequence: 0, events: [] }
    stray.sequence = Math.max(stray.sequence, sequence)
    if (event && stray.events.length < strayEvents) stray.events.push(event)
    this.#strays.set(id, stray)
    if (!this.#parts.sync.ownIsBehind) this.#parts.sync.get(id)
  }

  joined(id: ConversationId, micros: number): void {
    const known = this.#parts.core.model.conversations.get(id)
    if (known?.membership !== 'member') this.#joinedAt.set(id, micros)
    this.#parts.saved.membershipChanged(id, 'joined')
    this.#parts.sync.get(id)
  }

  /** Joined while nobody asked for them by name, and not there yet. */
  unmet(): ConversationId[] {
    const { conversations } = this.#parts.core.model
    return [...this.#joinedAt.keys()].filter(id => conversations.get(id)?.membership !== 'member')
  }

  /** The conversation as the server sees it, asked for at `moment`. */
  adopt(conversation: Conversation, moment: number): void {
    const { core, people, receipts, settings, sync } = this.#parts
    const { id } = conversation
    if ((this.#leftAt.get(id) ?? 0) > moment) {
      sync.get(id)
      return
    }
    if (conversation.peer) people.learn([conversation.peer])
    const known = core.model.conversations.get(id)
    const state = known?.membership === 'member' ? this.#merge(known, conversation) : this.#meet(conversation)
    this.#takeStray(state)
    if (hasGap(state)) sync.pull(state)
    if (state.positionsVersion !== null && state.conversation.head.registers > state.positionsVersion) {
      sync.registers(state)
    }
    receipts.touch(state)
    settings.settle(state)
    core.changed(id)
  }

  /** What came live while the conversation was being looked up: heard, and applied if it is not in the answer already. */
  #takeStray(state: ConversationState): void {
    const stray = this.#strays.get(state.id)
    if (!stray) return
    this.#strays.delete(state.id)
    for (const event of stray.events) {
      if (event.sequence <= state.cursor.sequence) this.#parts.emit(state.id, event)
    }
    this.#parts.follower.apply(state, stray.events)
    state.wanted = Math.max(state.wanted, stray.sequence)
  }

  /** One that was just joined is followed from its first event if it is short: nothing said in it since goes unheard. */
  #meet(conversation: Conversation): ConversationState {
    const joinedAt = this.#joinedAt.get(conversation.id)
    this.#joinedAt.delete(conversation.id)
    if (joinedAt === undefined || conversation.head.sequence > followedFromStart) return this.#begin(conversation)
    const state = this.#begin(conversation, { sequence: 0, micros: 0 })
    state.heardFrom = joinedAt
    return state
  }

  /** Starts the stream over from this snapshot; `gone` if what is stored belongs to another history. */
  startOver(conversation: Conversation, history: 'same' | 'gone'): ConversationState {
    if (history === 'gone') this.#parts.core.writer.add({ kind: 'drop', conversationId: conversation.id })
    return this.#begin(conversation)
  }

  #begin(conversation: Conversation, at: Pick<Head, 'sequence' | 'micros'> = conversation.head): ConversationState {
    const { core, open, outbox } = this.#parts
    const known = core.model.conversations.get(conversation.id)
    // They come in a stream of their own, which may be ahead of this answer.
    const settings =
      known?.membership === 'member'
        ? newerSettings(conversation.me.settings, known.conversation.me.settings)
        : conversation.me.settings
    const state = createConversationState({
      conversation: { ...conversation, me: { ...conversation.me, settings } },
      cursor: cursorAt(core.model.epoch ?? '', at),
      positionsVersion: null,
      counted: conversation.me.read,
      reported: { delivered: conversation.me.delivered, read: conversation.me.read },
    })
    core.model.conversations.set(state.id, state)
    core.writer.add(begun(core.model, state))
    outbox.fulfilUpTo(state.id, state.cursor.sequence)
    open.attach(state)
    core.changed(state.id)
    return state
  }

  #merge(state: ConversationState, incoming: Conversation): ConversationState {
    const known = state.conversation
    const prefer = incoming.head.sequence >= known.head.sequence ? 'incoming' : 'stored'
    const named = incoming.version > known.version ? incoming : known
    state.conversation = {
      ...mergeConversation(known, incoming, prefer),
      name: named.name,
      description: named.description,
      version: named.version,
      head: mergeHeads(known.head, incoming.head),
      lastMessage: laterMessage(known.lastMessage, incoming.lastMessage),
    }
    state.wanted = Math.max(state.wanted, incoming.head.sequence)
    state.counted = Math.max(state.counted, incoming.me.read)
    noteReported(state, incoming.me)
    this.#parts.core.writer.follow(state, state.cursor.sequence, [])
    return state
  }

  /** No longer a member: what was stored goes; text that was not sent stays visible as not sent. */
  left(id: ConversationId): void {
    this.#strays.delete(id)
    this.#joinedAt.delete(id)
    this.drop(id)
    this.#parts.saved.membershipChanged(id, 'left')
    if (this.#parts.jobs.has(`get:${id}`)) this.#parts.sync.get(id)
  }

  drop(id: ConversationId): void {
    const { core, open, outbox, settings } = this.#parts
    settings.left(id)
    this.#leftAt.set(id, ++this.#leaves)
    outbox.left(id, noLongerMember)
    core.writer.add({ kind: 'drop', conversationId: id })
    const state = core.model.conversations.get(id)
    if (!state) return
    state.membership = 'left'
    state.ahead.clear()
    if (outbox.items.of(id)[Symbol.iterator]().next().done) core.model.conversations.delete(id)
    open.detach(id)
    core.changed(id)
  }

  /**
   * Rows of the positions' register, merged by maximum; `complete` if nothing up to `version` is missing. What came live
   * is complete only if it is the next version: a frame may have been left out before it (L10).
   */
  positions(
    state: ConversationState,
    items: readonly MemberPosition[],
    version: number,
    complete: 'complete' | 'some',
  ) {
    const { core } = this.#parts
    const head = state.conversation.head
    if (version > head.registers) {
      state.conversation = { ...state.conversation, head: { ...head, registers: version } }
    }
    for (const item of items) {
      const known = state.positions?.get(item.accountId)
      state.positions?.set(item.accountId, known ? mergePosition(known, item) : item)
      if (item.accountId === core.model.me) this.#ownPosition(state, item)
    }
    const known = state.positionsVersion
    if (complete === 'complete' || known !== null) {
      core.writer.add({ kind: 'positions', conversationId: state.id, items })
      if (complete === 'complete' || version <= (known ?? 0) + 1) state.positionsVersion = Math.max(known ?? 0, version)
      else if (state.positions || !isLarge(state)) this.#parts.sync.registers(state)
    }
    core.writer.follow(state, state.cursor.sequence, [])
    core.changed(state.id)
  }

  #ownPosition(state: ConversationState, item: MemberPosition): void {
    noteReported(state, item)
    this.#moveOwn(state, item)
    this.recount(state)
  }

  /** What was on screen up to `sequence`; the server is told, and tells the other devices. */
  markRead(state: ConversationState, sequence: number): void {
    const read = Math.min(sequence, state.conversation.head.sequence)
    const { me } = state.conversation
    if (state.membership === 'left' || read <= me.read) return
    this.#moveOwn(state, { accountId: this.#parts.core.model.me, delivered: read, read })
    this.#parts.core.writer.follow(state, state.cursor.sequence, [])
    this.#parts.receipts.touch(state)
    this.#parts.core.changed(state.id)
  }

  /** Asks the server for the count of what was read, if it cannot be told from what is known here. */
  recount(state: ConversationState): void {
    if (state.counted < state.conversation.me.read && this.#parts.core.online()) this.#parts.sync.get(state.id)
  }

  #moveOwn(state: ConversationState, { delivered, read }: MemberPosition): void {
    const { me } = state.conversation
    const ordinal = read > me.read ? this.#ordinalAt(state, read) : null
    if (ordinal !== null) state.counted = read
    const moved = {
      ...me,
      delivered: Math.max(me.delivered, delivered),
      read: Math.max(me.read, read),
      readOrdinal: Math.max(me.readOrdinal, ordinal ?? 0),
    }
    state.conversation = { ...state.conversation, me: moved }
  }

  /** How many messages there are up to a sequence; null if that is not known here. */
  #ordinalAt(state: ConversationState, sequence: number): number | null {
    const { head, lastMessage } = state.conversation
    if (sequence >= (lastMessage?.sequence ?? head.sequence)) return head.ordinal
    return this.#parts.open.ordinalAt(state.id, sequence)
  }
}

function laterMessage(a: Conversation['lastMessage'], b: Conversation['lastMessage']): Conversation['lastMessage'] {
  if (!a || !b) return a ?? b
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? a : b
  return newest(a, b)
}
