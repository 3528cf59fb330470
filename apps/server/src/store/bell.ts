/**
 * The bell as the store keeps it (N1): a register group of the account. A line is written once, by the tail, and then
 * only cleared: by reading or answering what it stands for, or by hand.
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { MovedStream } from './store.ts'

export interface BellRow {
  readonly id: number
  readonly kind: 'mention' | 'reply' | 'invitation'
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly actorId: AccountId
  readonly micros: number
  readonly cleared: boolean
}

export interface ChangedBell {
  readonly accountId: AccountId
  readonly version: number
  readonly items: readonly BellRow[]
}

/** Newest first. */
export interface BellPage {
  readonly items: readonly BellRow[]
  /** The lines are as of this version. What one transaction changed is never parted, so they may be more than asked for. */
  readonly version: number
  /** Other lines changed above it. */
  readonly more: boolean
}

/** A line to be written, unless it is there already. */
export interface NewBellRow {
  readonly accountId: AccountId
  readonly kind: BellRow['kind']
  readonly conversationId: ConversationId
  readonly sequence: number
  readonly actorId: AccountId
  readonly micros: number
}

/** The account wrote this message where it had open lines: those before it are answered. */
export interface BellAnswer {
  readonly accountId: AccountId
  readonly conversationId: ConversationId
  readonly sequence: number
}

/** What new events mean for the bells. */
export interface BellCandidates {
  readonly lines: readonly NewBellRow[]
  readonly answers: readonly BellAnswer[]
}

export interface BellStore {
  /**
   * The newest lines that are open; or above a version those that changed, the first ones. One that was answered reads as
   * cleared from the commit of the answer on, before the tail has written that.
   */
  read(accountId: AccountId, above: number | null, limit: number): Promise<BellPage>
  /** Mentions, replies and people added among these new events, with sight checked (L8), and who answered open lines. */
  readCandidates(moved: readonly MovedStream[]): Promise<BellCandidates>
}

/** Of a wide transaction. */
export interface BellWrites {
  /**
   * Writes lines that are not there yet, cleared if they were read or answered before, and clears what was answered. Sight
   * is judged again: who has left meanwhile gets no line.
   */
  ring(candidates: BellCandidates): Promise<void>
  clear(accountId: AccountId, conversationId: ConversationId | null): Promise<void>
}
