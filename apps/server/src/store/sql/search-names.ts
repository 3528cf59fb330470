/** Whom and which conversation somebody means by a name. */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Pool } from 'pg'
import { foldName, foldWords } from '../folding.ts'
import { prefixQuery } from './accounts.ts'

export async function findPeople(pool: Pool, name: string): Promise<readonly AccountId[]> {
  const words = foldWords(name)
  if (words.length === 0) return []
  const { rows } = await pool.query<{ id: AccountId }>(
    `select id from accounts where username_folded = $2
     union all
     (select id from accounts where search_words @@ $1::tsquery
         and not exists (select from accounts a where a.username_folded = $2) order by id limit 100)`,
    [prefixQuery(words), foldName(name.replace(/^@/, ''))],
  )
  return rows.map(row => row.id)
}

export async function findConversations(
  pool: Pool,
  accountId: AccountId,
  name: string,
): Promise<readonly ConversationId[]> {
  const words = foldWords(name)
  if (words.length === 0) return []
  const { rows } = await pool.query<{ id: ConversationId; name: string | null; peer: string | null }>(
    `select c.id, c.name, p.display_name || ' ' || p.username as peer
       from memberships k join conversations c on c.id = k.conversation_id
       left join direct_conversations d on d.conversation_id = c.id
       left join accounts p on p.id = case when d.low = k.account_id then d.high else d.low end
      where k.account_id = $1 order by c.id`,
    [accountId],
  )
  return rows.filter(row => beginsAll(`${row.name ?? ''} ${row.peer ?? ''}`, words)).map(row => row.id)
}

/** Whether each of these words begins one of the text's. */
function beginsAll(text: string, words: readonly string[]): boolean {
  const known = foldWords(text)
  return words.every(word => known.some(each => each.startsWith(word)))
}
