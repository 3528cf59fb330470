/** Registers: positions and the bell (L11). Rows take their version from their group's head, which is locked. */
import type { AccountId, StreamId } from '@recado/protocol'
import type {
  ChangedBell,
  ChangedPositions,
  ChangedRegisters,
  MovedRegisters,
  NewBellRow,
  PositionRow as Position,
  PositionMove,
} from '@recado/server/store/store.ts'
import type { ModelTransaction } from './database.ts'
import { lockRegisters, registersOf } from './streams.ts'
import type { BellLine, View } from './tables.ts'

export function movedRegisters(changed: ChangedRegisters): MovedRegisters[] {
  return [
    ...changed.positions.map(group => ({ group: group.conversationId as StreamId, version: group.version })),
    ...changed.bells.map(group => ({ group: group.accountId as StreamId, version: group.version })),
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
  return { positions, bells: await clearLines(transaction, read) }
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

/** Clears the open lines that `which` names. */
export async function clearLines(
  transaction: ModelTransaction,
  which: (line: BellLine) => boolean,
): Promise<ChangedBell[]> {
  const open = (line: BellLine) => !line.cleared && which(line)
  await lockRegisters(
    transaction,
    transaction.find('bell', open).map(line => line.accountId),
  )
  const bells: ChangedBell[] = []
  for (const [accountId, lines] of Map.groupBy(transaction.find('bell', open), line => line.accountId)) {
    bells.push(
      changeLines(
        transaction,
        accountId,
        lines.map(line => ({ ...line, cleared: true })),
      ),
    )
  }
  return bells
}

/** Writes lines that are not there yet; one that was read before it came is cleared from the start. */
export async function insertLines(transaction: ModelTransaction, rows: readonly NewBellRow[]): Promise<ChangedBell[]> {
  await lockRegisters(
    transaction,
    rows.map(row => row.accountId),
  )
  const bells: ChangedBell[] = []
  for (const [accountId, group] of Map.groupBy(rows, row => row.accountId)) {
    if (transaction.get('registerHeads', accountId) === undefined) continue
    const lines: BellLine[] = []
    for (const row of group) {
      const { conversationId, sequence, kind } = row
      const id = transaction.database.nextNumber('bell')
      if (transaction.get('bell', accountId, conversationId, sequence, kind) !== undefined) continue
      if (
        lines.some(line => line.conversationId === conversationId && line.sequence === sequence && line.kind === kind)
      )
        continue
      const read = transaction.get('positions', conversationId, accountId)?.read ?? 0
      lines.push({ ...row, id, cleared: read >= sequence, version: 0 })
    }
    if (lines.length > 0) bells.push(changeLines(transaction, accountId, lines))
  }
  return bells
}

function changeLines(transaction: ModelTransaction, accountId: AccountId, lines: readonly BellLine[]): ChangedBell {
  const version = registersOf(transaction, accountId) + 1
  transaction.put('registerHeads', { group: accountId, version })
  for (const line of lines) transaction.put('bell', { ...line, version })
  return { accountId, version, items: lines.map(presentLine) }
}

export function presentLine({ accountId: _, version: __, ...line }: BellLine) {
  return line
}
