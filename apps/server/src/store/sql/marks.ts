import type { AccountId, ConversationId, MessageId } from '@recado/protocol'
import type { Client, Pool } from 'pg'
import type { MarkPlace, MarkStore, MarkWrites, PinRow, SaveRow } from '../marks.ts'
import { type MessageColumns, messageColumns, parseMessage } from './messages.ts'

/** Where a list begins that has no earlier page. */
const fromTheTop: MarkPlace = { micros: Number.MAX_SAFE_INTEGER, number: Number.MAX_SAFE_INTEGER }

export function createMarkStore(pool: Pool): MarkStore {
  return {
    async listPins({ conversationId, visibleFrom, after, limit }) {
      const { micros, number } = after ?? fromTheTop
      const { rows } = await pool.query<MessageColumns & { pin_account: AccountId; pin_micros: number }>({
        name: 'list_pins',
        text: `select p.account_id as pin_account, p.micros as pin_micros, ${messageColumns}
                 from pins p join messages m on m.conversation_id = p.conversation_id and m.sequence = p.sequence
                where p.conversation_id = $1 and p.sequence >= $2 and (p.micros, p.sequence) < ($3, $4)
                order by p.micros desc, p.sequence desc limit $5`,
        values: [conversationId, visibleFrom, micros, number, limit],
      })
      return rows.map((row): PinRow => {
        return { message: parseMessage(row), accountId: row.pin_account, micros: row.pin_micros }
      })
    },
    async listSaves(accountId, after, limit) {
      const { micros, number } = after ?? fromTheTop
      const { rows } = await pool.query<MessageColumns & { saved_micros: number; visible_from: number | null }>({
        name: 'list_saves',
        text: `select s.micros as saved_micros, member.visible_from, ${messageColumns}
                 from saves s join messages m on m.conversation_id = s.conversation_id and m.sequence = s.sequence
                 left join memberships member
                   on member.conversation_id = s.conversation_id and member.account_id = s.account_id
                where s.account_id = $1 and (s.micros, s.message_id) < ($2, $3)
                order by s.micros desc, s.message_id desc limit $4`,
        values: [accountId, micros, number, limit],
      })
      return rows.map((row): SaveRow => {
        return {
          messageId: row.id,
          conversationId: row.conversation_id,
          sequence: row.message_sequence,
          micros: row.saved_micros,
          message: parseMessage(row),
          visibleFrom: row.visible_from,
        }
      })
    },
  }
}

export function createMarkWrites(client: Client, micros: () => number): MarkWrites {
  return {
    async findTarget(conversationId, sequence) {
      const { rows } = await client.query<{ id: MessageId; state: 'there' | 'deleted' }>(
        `select id, case when deleted_micros is null then 'there' else 'deleted' end as state
           from messages where conversation_id = $1 and sequence = $2`,
        [conversationId, sequence],
      )
      return rows[0] ?? null
    },
    countPins: conversationId => count(client, 'pins where conversation_id = $1', conversationId),
    async insertPin(conversationId, sequence, accountId) {
      const { rowCount } = await client.query('insert into pins values ($1, $2, $3, $4) on conflict do nothing', [
        conversationId,
        sequence,
        accountId,
        micros(),
      ])
      return rowCount === 1
    },
    async deletePin(conversationId, sequence) {
      const { rowCount } = await client.query('delete from pins where conversation_id = $1 and sequence = $2', [
        conversationId,
        sequence,
      ])
      return rowCount === 1
    },
    countSaves: accountId => count(client, 'saves where account_id = $1', accountId),
    async insertSave({ accountId, messageId, conversationId, sequence }) {
      const { rowCount } = await client.query('insert into saves values ($1, $2, $3, $4, $5) on conflict do nothing', [
        accountId,
        messageId,
        conversationId,
        sequence,
        micros(),
      ])
      return rowCount === 1
    },
    async deleteSave(accountId, conversationId, sequence) {
      const { rows } = await client.query<{ id: MessageId }>(
        `delete from saves where account_id = $1 and conversation_id = $2 and sequence = $3 returning message_id as id`,
        [accountId, conversationId, sequence],
      )
      return rows[0]?.id ?? null
    },
  }
}

async function count(client: Client, rows: string, owner: AccountId | ConversationId): Promise<number> {
  const counted = await client.query<{ count: number }>(`select count(*) as count from ${rows}`, [owner])
  return counted.rows[0]?.count ?? 0
}
