/** Positions as the store keeps them, and what a transaction changed of all registers (L11). */
import type { AccountId, ConversationId, MemberPosition } from '@recado/protocol'
import type { ChangedBell } from './bell.ts'
import type { ChangedMail } from './mail.ts'

export interface PositionMove {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly delivered: number
  readonly read: number
}

/** A member's position as it is, and what decides how much of it others see; only `presentPositions` lets it out. */
export interface PositionRow extends MemberPosition {
  readonly readReceipts: 'shown' | 'hidden'
  /** Whether more than what was read moved: above the version that was asked for, or in this change. */
  readonly deliveredMoved: boolean
}

export interface ChangedPositions {
  readonly conversationId: ConversationId
  readonly version: number
  readonly items: readonly PositionRow[]
}

/** The registers that one transaction changed, ready to be announced. */
export interface ChangedRegisters {
  readonly positions: readonly ChangedPositions[]
  readonly bells: readonly ChangedBell[]
  readonly mails: readonly ChangedMail[]
}

export interface PositionsRequest {
  readonly conversationId: ConversationId
  readonly above: number
  /** Account ids up to this one are left out: they were on an earlier page. */
  readonly after: number
  readonly limit: number
}
