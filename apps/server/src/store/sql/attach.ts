import type { AccountId, ConversationId, SessionId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { Attachment } from '../store.ts'
import { type AccountRow, accountColumns, parseAccount } from './accounts.ts'
import { type HeadColumns, headColumns, parseHead } from './messages.ts'

/** id, kind, peer, member count, visible from, head's sequence, micros, ordinal, registers */
type ConversationTuple = [number, 'direct' | 'group', number | null, number, number, number, number, number, number]

interface AttachRow extends AccountRow, HeadColumns {
  readonly sessions: SessionId[] | null
  readonly conversations: ConversationTuple[] | null
}

/**
 * Everything a node needs to serve the connections of these accounts, in one statement and so from one snapshot (L5):
 * connections that arrive together are attached together.
 */
export async function attach(pool: Pool, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Attachment>> {
  const { rows } = await pool.query<AttachRow>({
    name: 'attach',
    text: `select a.*, ${headColumns},
             (select json_agg(s.id) from sessions s where s.account_id = a.id and s.ended_micros is null) as sessions,
             (select json_agg(json_build_array(c.id, c.kind,
                       (select case when d.low = a.id then d.high else d.low end from direct_conversations d
                         where c.kind = 'direct' and d.conversation_id = c.id),
                       c.member_count, m.visible_from, k.sequence, k.micros, k.ordinal, g.version))
                from memberships m join conversations c on c.id = m.conversation_id
                join heads k on k.stream_id = c.id join register_heads g on g.group_id = c.id
               where m.account_id = a.id) as conversations
             from (select ${accountColumns} from accounts where id = any($1)) a join heads h on h.stream_id = a.id join register_heads r on r.group_id = a.id
`,
    values: [accounts],
  })
  return new Map(
    rows.map(row => [
      row.id,
      {
        account: parseAccount(row),
        head: parseHead(row),
        sessionIds: row.sessions ?? [],
        conversations: (row.conversations ?? []).map(parseConversation),
      },
    ]),
  )
}

function parseConversation(tuple: ConversationTuple) {
  const [id, kind, peer, memberCount, visibleFrom, sequence, micros, ordinal, registers] = tuple
  return {
    id: id as ConversationId,
    kind,
    peerId: peer as AccountId | null,
    memberCount,
    visibleFrom,
    head: { sequence, micros, ordinal, registers },
  }
}
