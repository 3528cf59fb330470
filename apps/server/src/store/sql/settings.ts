import type { AccountId } from '@recado/protocol'
import type { ClientBase, Pool } from 'pg'
import type { SettingsRow, SettingsWrites } from '../settings.ts'

/** The columns of `conversation_settings t`; all null where there is no row. */
export const settingsColumns =
  't.version as settings_version, t.pinned, t.muted_until, t.archived_ordinal, t.unread_from'

export interface SettingsColumns {
  readonly settings_version: number | null
  readonly pinned: number | null
  readonly muted_until: number | null
  readonly archived_ordinal: number | null
  readonly unread_from: number | null
}

export function parseSettings(row: SettingsColumns): SettingsRow {
  return {
    version: row.settings_version ?? 0,
    pinned: row.pinned,
    mutedUntil: row.muted_until,
    archivedOrdinal: row.archived_ordinal,
    unreadFrom: row.unread_from,
  }
}

export function createSettingsWrites(client: ClientBase): SettingsWrites {
  return {
    async find(conversationId, accountId) {
      const { rows } = await client.query<SettingsColumns & { sequence: number; ordinal: number; read: number }>(
        `select ${settingsColumns}, h.sequence, h.ordinal, greatest(p.read, o.sequence) as read
           from memberships s
           join heads h on h.stream_id = s.conversation_id
           join positions p on p.conversation_id = s.conversation_id and p.account_id = s.account_id
           join own_positions o on o.conversation_id = s.conversation_id and o.account_id = s.account_id
           left join conversation_settings t on t.account_id = s.account_id and t.conversation_id = s.conversation_id
          where s.conversation_id = $1 and s.account_id = $2`,
        [conversationId, accountId],
      )
      const [row] = rows
      if (row === undefined) return null
      const { sequence, ordinal, read } = row
      return { settings: parseSettings(row), sequence, ordinal, read }
    },
    async countPinned(accountId) {
      const { rows } = await client.query<{ count: number }>(
        'select count(*) as count from conversation_settings where account_id = $1 and pinned is not null',
        [accountId],
      )
      return rows[0]?.count ?? 0
    },
    async put(conversationId, accountId, settings) {
      const { version, pinned, mutedUntil, archivedOrdinal, unreadFrom } = settings
      await client.query(
        `insert into conversation_settings values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (account_id, conversation_id) do update set version = excluded.version, pinned = excluded.pinned,
           muted_until = excluded.muted_until, archived_ordinal = excluded.archived_ordinal, unread_from = excluded.unread_from`,
        [accountId, conversationId, version, pinned, mutedUntil, archivedOrdinal, unreadFrom],
      )
    },
  }
}

/** Of those conversations that the account is a member of. */
export async function readSettings(
  pool: Pool,
  accountId: AccountId,
  conversations: readonly number[],
): Promise<ReadonlyMap<number, SettingsRow>> {
  const { rows } = await pool.query<SettingsColumns & { id: number }>(
    `select s.conversation_id as id, ${settingsColumns} from memberships s
       left join conversation_settings t on t.account_id = s.account_id and t.conversation_id = s.conversation_id
      where s.account_id = $1 and s.conversation_id = any($2)`,
    [accountId, conversations],
  )
  return new Map(rows.map(row => [row.id, parseSettings(row)]))
}
