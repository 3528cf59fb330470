/** Registers: positions and the bell (L11). Rows take their version from their group's head, which is locked. */
import type { AccountId, StreamId } from '@recado/protocol'
import type {
  ChangedPositions,
  ChangedRegisters,
  PositionRow as Position,
  PositionMove,
} from '@recado/server/store/registers.ts'
import type { MovedRegisters } from '@recado/server/store/store.ts'
import { clearLines } from './bell.ts'
import type { ModelTransaction } from './database.ts'
import { lockRegisters, registersOf } from './streams.ts'
import type { BellLine, View } from './tables.ts'

export function movedRegisters(changed: ChangedRegisters): MovedRegisters[] {
  return [
    ...changed.positions.map(group => ({ group: group.conversationId as StreamId, version: group.version })),
    ...changed.bells.map(group => ({ group: group.accountId as StreamId, version: group.version })),
    ...changed.mails.map(group => ({ group: group.mailId as StreamId, version: group.version })),
  ]
}

/** Positions move on and never back, at most to the stream's head; what was read clears the bell up to there. */
export async function movePositions(
  transaction: ModelTransaction,
  moves: readonly PositionMove[],
): Promise<ChangedRegisters> {
  await lockRegisters(
    transaction,
    moves.map(move => move.conversationId),
  )
  const positions: ChangedPositions[] = []
  for (const [conversationId, group] of Map.groupBy(moves, move => move.conversationId)) {
    const version = registersOf(transaction, conversationId) + 1
    const items: Position[] = []
    for (const move of group) {
      const item = movePosition(transaction, move, version)
      if (item !== null) items.push(item)
    }
    if (items.length === 0) continue
    transaction.put('registerHeads', { group: conversationId, version })
    positions.push({ conversationId, version, items })
  }
  const read = (line: BellLine) =>
    moves.some(
      move =>
        move.accountId === line.accountId && move.conversationId === line.conversationId && move.read >= line.sequence,
    )
  return { positions, bells: await clearLines(transaction, read), mails: [] }
}

function movePosition(transaction: ModelTransaction, move: PositionMove, version: number): Position | null {
  const { conversationId, accountId } = move
  const before = transaction.get('positions', conversationId, accountId)
  const head = transaction.get('heads', conversationId)
  if (before === undefined || head === undefined) return null
  const read = Math.max(before.read, Math.min(move.read, head.sequence))
  const delivered = Math.max(before.delivered, Math.min(Math.max(move.delivered, move.read), head.sequence))
  if (read === before.read && delivered === before.delivered) return null
  const readOrdinal =
    read > before.read ? Math.max(before.readOrdinal, ordinalAt(transaction, conversationId, read)) : before.readOrdinal
  const deliveredMoved = delivered > before.delivered
  const shownVersion = deliveredMoved ? version : before.shownVersion
  transaction.put('positions', { conversationId, accountId, delivered, read, readOrdinal, version, shownVersion })
  return { accountId, delivered, read, readReceipts: receiptsOf(transaction, accountId), deliveredMoved }
}

/** Whether others see what this account has read. */
export function receiptsOf(view: View, accountId: AccountId): Position['readReceipts'] {
  return view.get('accounts', accountId)?.readReceipts === false ? 'hidden' : 'shown'
}

/** How many messages there are up to this sequence. */
function ordinalAt(view: View, conversationId: number, sequence: number): number {
  return view.find('messages', row => row.conversationId === conversationId && row.sequence <= sequence).length
}
