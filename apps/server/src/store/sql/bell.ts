import type { AccountId } from '@recado/protocol'
import type { Client, Pool } from 'pg'
import type { BellAnswer, BellCandidates, BellRow, BellStore, BellWrites, ChangedBell, NewBellRow } from '../bell.ts'
import type { MovedStream } from '../store.ts'

/** What one's own newest message answers: how far that is. A former member has answered nothing. */
const answered = `left join own_positions o on o.conversation_id = b.conversation_id and o.account_id = b.account_id`
const isCleared = `(b.cleared or coalesce(o.sequence >= b.sequence, false))`
/** `not b.cleared` by itself is what the index over open lines answers. */
const openLines = `not b.cleared and not ${isCleared} order by b.id desc limit $2`
const changedLines = 'b.version > $3 order by b.version fetch first $2 rows with ties'
const bellColumns = `b.id, b.kind, b.conversation_id as "conversationId", b.sequence, b.actor_id as "actorId", b.micros`

export function createBellStore(pool: Pool): BellStore {
  return {
    async read(accountId, above, limit) {
      const { rows } = await pool.query<{ head: number } & ((BellRow & { changed: number }) | { readonly id: null })>({
        text: `select h.version as head, rows.* from register_heads h left join lateral (
                 select ${bellColumns}, ${isCleared} as cleared, b.version as changed from bell b ${answered}
                  where b.account_id = $1 and ${above === null ? openLines : changedLines}) rows on true
               where h.group_id = $1 order by rows.id desc`,
        values: above === null ? [accountId, limit] : [accountId, limit, above],
      })
      const items: BellRow[] = []
      let version = 0
      for (const { head: _, ...row } of rows) {
        if (row.id === null) continue
        const { changed, ...line } = row
        version = Math.max(version, changed)
        items.push(line)
      }
      const head = rows[0]?.head ?? 0
      const more = above !== null && items.length >= limit && version < head
      return { items, version: more ? version : head, more }
    },
    readCandidates: moved => readCandidates(pool, moved),
  }
}

type CandidateRow = Omit<NewBellRow, 'kind'> & { readonly kind: NewBellRow['kind'] | 'answer' }

/**
 * Whom the bell rings for among the new events of these streams: who is mentioned, whose message is answered, who was
 * added to a group. Only members who may see the event, never its actor (L8). And whose open lines are answered,
 * those among them too: another transaction may have written them by the time they are, before there was an answer.
 */
async function readCandidates(pool: Pool, moved: readonly MovedStream[]): Promise<BellCandidates> {
  const { rows } = await pool.query<CandidateRow>({
    name: 'read_bell_candidates',
    text: `
      with ranges as (
        select * from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as r(stream_id, low, high)
      ), fresh as materialized (
        select m.conversation_id, m.sequence, m.author_id, m.mentions, m.reply_to, m.created_micros, m.deleted_micros
          from ranges r join messages m on m.conversation_id = r.stream_id and m.sequence > r.low and m.sequence <= r.high
      ), named as (
        select f.conversation_id, f.sequence, f.author_id as actor_id, unnest(f.mentions) as account_id, 'mention' as kind, f.created_micros as micros
          from fresh f where f.deleted_micros is null and f.mentions is not null
        union all
        select f.conversation_id, f.sequence, f.author_id, q.author_id, 'reply', f.created_micros
          from fresh f join messages q on q.conversation_id = f.conversation_id and q.sequence = f.reply_to
         where f.deleted_micros is null and not coalesce(q.author_id = any(f.mentions), false)
        union all
        select e.stream_id, e.sequence, e.actor_id, e.target, 'invitation', e.micros
          from ranges r join events e on e.stream_id = r.stream_id and e.sequence > r.low and e.sequence <= r.high
          join conversations c on c.id = e.stream_id and c.kind = 'group'
         where e.kind = 'member.added'
      ), ringing as (
        select n.account_id, n.kind, n.conversation_id, n.sequence, n.actor_id, n.micros from named n
          join memberships s on s.conversation_id = n.conversation_id and s.account_id = n.account_id
         where n.account_id <> n.actor_id and (n.kind = 'invitation' or n.sequence >= s.visible_from)
      ), lines as (
        select * from ringing
        union all
        select w.author_id, 'answer', w.conversation_id, w.sequence, w.author_id, 0
          from (select conversation_id, author_id, max(sequence) as sequence from fresh group by conversation_id, author_id) w
         where exists (select from bell b where b.account_id = w.author_id and b.conversation_id = w.conversation_id
                          and not b.cleared and b.sequence <= w.sequence)
            or exists (select from ringing r where r.account_id = w.author_id and r.conversation_id = w.conversation_id
                          and r.sequence <= w.sequence)
      )
      select account_id as "accountId", kind, conversation_id as "conversationId", sequence, actor_id as "actorId", micros
        from lines order by micros, conversation_id, sequence`,
    values: [moved.map(range => range.stream), moved.map(range => range.from), moved.map(range => range.to)],
  })
  const lines: NewBellRow[] = []
  const answers: BellAnswer[] = []
  for (const { kind, ...row } of rows) {
    const { accountId, conversationId, sequence } = row
    if (kind === 'answer') answers.push({ accountId, conversationId, sequence })
    else lines.push({ ...row, kind })
  }
  return { lines, answers }
}

/** `changed` receives what a transaction will have changed. */
export function createBellWrites(client: Client, changed: ChangedBell[]): BellWrites {
  return {
    async ring({ lines, answers }) {
      if (lines.length === 0 && answers.length === 0) return
      // Positions before bells, as where they are moved: whoever is reading these messages now either is waited for here,
      // or finds the lines and clears them; whoever leaves, likewise. Whoever is answering them is in a commit that the tail has yet to come to.
      await client.query(
        `select 1 from positions p
          where (p.conversation_id, p.account_id) in (select * from unnest($1::bigint[], $2::bigint[]))
          order by p.conversation_id, p.account_id for share`,
        [lines.map(row => row.conversationId), lines.map(row => row.accountId)],
      )
      await changeLines(client, changed, {
        accounts: [...lines, ...answers].map(row => row.accountId),
        change: ringText,
        values: [
          lines.map(row => row.accountId),
          lines.map(row => row.kind),
          lines.map(row => row.conversationId),
          lines.map(row => row.sequence),
          lines.map(row => row.actorId),
          lines.map(row => row.micros),
          answers.map(row => row.accountId),
          answers.map(row => row.conversationId),
          answers.map(row => row.sequence),
        ],
      })
    },
    async clear(accountId, conversationId) {
      await changeLines(client, changed, {
        accounts: [accountId],
        change: `changed as (
          update bell b set cleared = true, version = (select h.version + 1 from register_heads h where h.group_id = b.account_id)
           where b.account_id = $1 and not b.cleared and ($2::bigint is null or b.conversation_id = $2)
          returning b.*)`,
        values: [accountId, conversationId],
      })
    },
  }
}

const ringText = `inserted as (
    insert into bell (account_id, kind, conversation_id, sequence, actor_id, micros, version, cleared)
    select r.account_id, r.kind, r.conversation_id, r.sequence, r.actor_id, r.micros, h.version + 1,
           exists (select from positions p
                    where p.conversation_id = r.conversation_id and p.account_id = r.account_id and p.read >= r.sequence)
           or exists (select from own_positions o
                       where o.conversation_id = r.conversation_id and o.account_id = r.account_id and o.sequence >= r.sequence)
      from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
           as r(account_id, kind, conversation_id, sequence, actor_id, micros)
      join register_heads h on h.group_id = r.account_id
      join memberships s on s.conversation_id = r.conversation_id and s.account_id = r.account_id
     where r.kind = 'invitation' or r.sequence >= s.visible_from
     order by r.micros, r.sequence
    on conflict do nothing returning *
  ), answered as (
    update bell b set cleared = true, version = h.version + 1
      from unnest($7::bigint[], $8::bigint[], $9::bigint[]) as a(account_id, conversation_id, sequence)
      join register_heads h on h.group_id = a.account_id
     where b.account_id = a.account_id and b.conversation_id = a.conversation_id and not b.cleared and b.sequence <= a.sequence
    returning b.*
  ), changed as (select * from inserted union all select * from answered)`

interface LineChange {
  readonly accounts: readonly AccountId[]
  /** Common table expressions, the last of them `changed`: the lines as they are afterwards. */
  readonly change: string
  readonly values: readonly unknown[]
}

/** Locks the bells' heads, changes rows and moves the heads of those that changed. */
async function changeLines(client: Client, changed: ChangedBell[], { accounts, change, values }: LineChange) {
  await client.query('select 1 from register_heads where group_id = any($1) order by group_id for update', [accounts])
  const { rows } = await client.query<BellRow & { accountId: AccountId; version: number }>(
    `with ${change}, moved as (
       update register_heads h set version = h.version + 1
         from (select distinct account_id from changed) c where h.group_id = c.account_id)
     select b.account_id as "accountId", b.version, ${bellColumns}, b.cleared from changed b order by b.id`,
    [...values],
  )
  for (const [accountId, items] of Map.groupBy(rows, row => row.accountId)) {
    changed.push({ accountId, version: items[0]?.version ?? 0, items: items.map(lineOf) })
  }
}

function lineOf({ id, kind, conversationId, sequence, actorId, micros, cleared }: BellRow): BellRow {
  return { id, kind, conversationId, sequence, actorId, micros, cleared }
}
