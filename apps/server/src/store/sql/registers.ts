import type { AccountId, ConversationId } from '@recado/protocol'
import type { Client, Pool } from 'pg'
import type { BellRow } from '../bell.ts'
import type { ChangedRegisters, PositionMove, PositionRow, PositionsRequest } from '../registers.ts'
import type { Attempt, Commit } from '../store.ts'

export interface MoveResult {
  readonly changed: ChangedRegisters
  readonly commit: Commit | null
}

interface MovedRow {
  readonly kind: 'position' | 'bell'
  readonly group_id: number
  readonly version: number
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly t: string
  readonly cleared: boolean
  readonly receipts: boolean
  readonly shown: boolean
}

/** Moves positions in one call and one transaction (see migration 0004). */
export async function movePositions(
  client: Client,
  attempt: Attempt,
  moves: readonly PositionMove[],
): Promise<MoveResult> {
  const { rows } = await client.query<MovedRow>({
    name: 'move_positions',
    text: 'select * from move_positions($1::smallint,$2::bigint,$3::bigint,$4::bigint[],$5::bigint[],$6::bigint[],$7::bigint[])',
    values: [
      attempt.slot,
      attempt.number,
      attempt.incarnation,
      moves.map(move => move.conversationId),
      moves.map(move => move.accountId),
      moves.map(move => move.delivered),
      moves.map(move => move.read),
    ],
  })
  const positions = new Map<number, { version: number; items: PositionRow[] }>()
  const bells = new Map<number, { version: number; items: BellRow[] }>()
  for (const row of rows) {
    if (row.kind === 'position') {
      groupOf(positions, row).items.push(parsePosition(row))
    } else groupOf(bells, row).items.push(parseBell(row))
  }
  const changed: ChangedRegisters = {
    positions: [...positions].map(([id, group]) => ({ conversationId: id as ConversationId, ...group })),
    bells: [...bells].map(([id, group]) => ({ accountId: id as AccountId, ...group })),
    mails: [],
  }
  return { changed, commit: registerCommit(attempt, changed) }
}

function groupOf<Item>(groups: Map<number, { version: number; items: Item[] }>, row: MovedRow) {
  let group = groups.get(row.group_id)
  if (group === undefined) {
    group = { version: row.version, items: [] }
    groups.set(row.group_id, group)
  }
  return group
}

function parsePosition({ a, b, c, receipts, shown }: MovedRow): PositionRow {
  const readReceipts = receipts ? 'shown' : 'hidden'
  return { accountId: a as AccountId, delivered: b, read: c, readReceipts, deliveredMoved: shown }
}

function parseBell(row: MovedRow): BellRow {
  const [kind, micros] = row.t.split(' ')
  return {
    id: row.a,
    kind: kind as BellRow['kind'],
    conversationId: row.b as ConversationId,
    sequence: row.c,
    actorId: row.d as AccountId,
    micros: Number(micros),
    cleared: row.cleared,
  }
}

function registerCommit(attempt: Attempt, changed: ChangedRegisters): Commit | null {
  const registers = [
    ...changed.positions.map(group => ({ group: group.conversationId, version: group.version })),
    ...changed.bells.map(group => ({ group: group.accountId, version: group.version })),
  ]
  if (registers.length === 0) return null
  return { writer: attempt.slot, number: attempt.number, streams: [], registers }
}

const positionColumns = `p.account_id as "accountId", greatest(p.delivered, o.sequence) as delivered, greatest(p.read, o.sequence) as read,
  case when a.read_receipts then 'shown' else 'hidden' end as "readReceipts",
  (p.shown_version > $2 or $2 = 0) as "deliveredMoved"`

type ReadRow = { readonly version: number } & (PositionRow | { readonly accountId: null })

/** Rows above a version, by account id; the version is that of the group's head in the same snapshot. */
export async function readPositions(pool: Pool, request: PositionsRequest) {
  const { conversationId, above, after, limit } = request
  const { rows } = await pool.query<ReadRow>({
    name: 'read_positions',
    text: `select h.version, rows.* from register_heads h left join lateral (
             select ${positionColumns} from positions p
               join own_positions o on o.conversation_id = p.conversation_id and o.account_id = p.account_id
               join accounts a on a.id = p.account_id
              where p.conversation_id = $1 and (p.version > $2 or $2 = 0) and p.account_id > $3
              order by p.account_id limit $4) rows on true
           where h.group_id = $1 order by rows."accountId"`,
    values: [conversationId, above, after, limit],
  })
  const items: PositionRow[] = []
  for (const { version: _, ...row } of rows) if (row.accountId !== null) items.push(row)
  return { items, version: rows[0]?.version ?? 0 }
}
