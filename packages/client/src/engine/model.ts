/** What the engine knows, in memory: everything but messages of conversations that nobody has opened. */
import type {
  Account,
  AccountId,
  BellItem,
  Conversation,
  ConversationId,
  Cursor,
  Head,
  MemberPosition,
  Person,
  Presence,
  SessionId,
  StreamEvent,
  StreamId,
} from '@recado/protocol'
import { limits } from '@recado/protocol'
import type { ChangeOf, FollowedConversation } from '../cache/changes.ts'
import type { CachedMeta } from '../cache/rows.ts'

/** Events applied while a page is on its way: those above the page's own moment are applied to it as well. */
export interface Recording {
  readonly events: StreamEvent[]
  state: 'complete' | 'overflowed'
}

/** Where this engine is in a stream. */
export interface Track {
  cursor: Cursor
  /** The furthest event that is known to exist. */
  wanted: number
  /** Events above a gap, by sequence. */
  readonly ahead: Map<number, StreamEvent>
}

export interface ConversationState extends Track {
  readonly id: ConversationId
  conversation: Conversation
  membership: 'member' | 'left'
  positionsVersion: number | null
  /** The read position that the conversation's `readOrdinal` was counted for. */
  counted: number
  reported: { delivered: number; read: number }
  /** Up to which event the cache has it. */
  stored: number
  readonly recordings: Set<Recording>
  /** Listeners hear of what happened from here on, in microseconds since 1970: not of what was there before one joined. */
  heardFrom: number
  /** Everybody's positions, while the conversation is open. */
  positions: Map<AccountId, MemberPosition> | null
}

const aheadLimit = 512
const recordingLimit = 2_000

export class Model {
  account: Account
  sessionId: SessionId
  epoch: string | null = null
  /** In the account's own stream; null until the first connection. */
  own: Track | null = null
  bellVersion = 0
  /** Everything up to there is stored. */
  mark: string | null = null
  /** Whether the list of conversations was loaded at least once. */
  ready = false
  readonly conversations = new Map<ConversationId, ConversationState>()
  readonly people = new Map<AccountId, Person>()
  readonly presence = new Map<AccountId, Presence>()
  readonly bell = new Map<number, BellItem>()
  /** Grow with each change of what they name. */
  readonly versions = { people: 0, presence: 0, bell: 0 }

  constructor(account: Account, sessionId: SessionId) {
    this.account = account
    this.sessionId = sessionId
  }

  get me(): AccountId {
    return this.account.id
  }

  find(stream: StreamId): ConversationState | undefined {
    return this.conversations.get(stream as ConversationId)
  }

  meta(mark: string | null): CachedMeta | null {
    if (this.epoch === null || !this.own) return null
    return { account: this.account, epoch: this.epoch, mark, cursor: this.own.cursor, bellVersion: this.bellVersion }
  }
}

export function createConversationState(followed: FollowedConversation): ConversationState {
  const { conversation, cursor, positionsVersion, counted, reported } = followed
  return {
    id: conversation.id,
    conversation,
    cursor,
    membership: 'member',
    positionsVersion,
    counted,
    reported: { ...reported },
    stored: cursor.sequence,
    wanted: Math.max(cursor.sequence, conversation.head.sequence),
    ahead: new Map(),
    recordings: new Set(),
    heardFrom: 0,
    positions: null,
  }
}

export function followed(state: ConversationState): FollowedConversation {
  const { conversation, cursor, positionsVersion, counted, reported } = state
  return { conversation, cursor, positionsVersion, counted, reported: { ...reported } }
}

/** What stores it from where it is now. */
export function begun(model: Model, state: ConversationState): ChangeOf<'reset'> {
  const asOf = model.own?.cursor.sequence ?? 0
  return { kind: 'reset', conversationId: state.id, next: followed(state), asOf }
}

/**
 * Hands on the events that come next, in sequence, those kept from above an earlier gap too. What is above a gap is
 * kept; what does not fit there is fetched with the gap.
 */
export function advance(track: Track, events: readonly StreamEvent[], apply: (event: StreamEvent) => void): void {
  for (const event of events) {
    track.wanted = Math.max(track.wanted, event.sequence)
    if (event.sequence <= track.cursor.sequence) continue
    if (event.sequence === track.cursor.sequence + 1) take(track, event, apply)
    else if (track.ahead.size < aheadLimit) track.ahead.set(event.sequence, event)
  }
  if (track.ahead.size === 0) return
  let next = track.ahead.get(track.cursor.sequence + 1)
  while (next) {
    take(track, next, apply)
    next = track.ahead.get(track.cursor.sequence + 1)
  }
  for (const sequence of track.ahead.keys()) if (sequence <= track.cursor.sequence) track.ahead.delete(sequence)
}

function take(track: Track, event: StreamEvent, apply: (event: StreamEvent) => void): void {
  track.ahead.delete(event.sequence)
  track.cursor = cursorAt(track.cursor.epoch, event)
  apply(event)
}

export function hasGap(track: Track): boolean {
  return track.wanted > track.cursor.sequence
}

export function record(state: ConversationState, event: StreamEvent): void {
  for (const recording of state.recordings) {
    if (recording.events.push(event) > recordingLimit) recording.state = 'overflowed'
  }
}

export function cursorAt(epoch: string, head: Pick<Head, 'sequence' | 'micros'>): Cursor {
  return { epoch, sequence: head.sequence, micros: head.micros }
}

/** Everybody's positions come only to who looks at it (L11). */
export function isLarge(state: ConversationState): boolean {
  return state.conversation.memberCount > limits.positionsBroadcastMembers
}
