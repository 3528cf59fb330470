/** People by the thousand, written past the server, as members of a group. */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Client } from 'pg'

const firstId = 10_000_000

/** Resolves to who they are. */
export async function fillGroup(client: Client, group: ConversationId, count: number): Promise<readonly AccountId[]> {
  await client.query(
    `insert into accounts (id, username, username_folded, display_name, sort_name, role, password_hash, search_words, created_micros)
       select $1 + n, 'x' || n, 'x' || n, 'X ' || n, 'x ' || n, 'member', '', '', 0 from generate_series(1, $2) n`,
    [firstId, count],
  )
  await client.query('insert into heads (stream_id) select $1 + n from generate_series(1, $2) n', [firstId, count])
  await client.query('insert into register_heads (group_id) select $1 + n from generate_series(1, $2) n', [
    firstId,
    count,
  ])
  const rows = 'select $3::bigint, $1 + n from generate_series(1, $2) n'
  await client.query(`insert into positions (conversation_id, account_id) ${rows}`, [firstId, count, group])
  await client.query(`insert into own_positions (conversation_id, account_id) ${rows}`, [firstId, count, group])
  await client.query(
    `insert into memberships (conversation_id, account_id, role, visible_from, joined_sequence, joined_micros)
       select r.*, 'member', 0, 1, 0 from (${rows}) r`,
    [firstId, count, group],
  )
  await client.query('update conversations set member_count = member_count + $2 where id = $1', [group, count])
  return Array.from({ length: count }, (_, index) => (firstId + index + 1) as AccountId)
}
