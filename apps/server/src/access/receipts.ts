/**
 * The one function that decides who sees how far somebody has read (C5): everybody else, unless its owner switched that
 * off; then others are told that it is hidden, and do not hear that it moved. Frames, lists and event streams alike
 * pass here. How far messages were delivered shows in any case, and one's own devices always see all of one's own.
 */
import type { AccountId, MemberPosition } from '@recado/protocol'
import type { PositionRow } from '../store/registers.ts'

/** `viewer`: null for anybody who owns none of these rows. */
export function presentPositions(rows: readonly PositionRow[], viewer: AccountId | null): MemberPosition[] {
  const seen: MemberPosition[] = []
  for (const { accountId, delivered, read, readReceipts, deliveredMoved } of rows) {
    if (readReceipts === 'shown' || accountId === viewer) seen.push({ accountId, delivered, read })
    else if (deliveredMoved) seen.push({ accountId, delivered, read: 0, readHidden: true })
  }
  return seen
}
