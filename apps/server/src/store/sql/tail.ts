import type { Client, Pool } from 'pg'
import type { TailStore, TailWrites } from '../tail.ts'

export function createTailStore(pool: Pool): TailStore {
  return {
    async readCursor(consumer) {
      const { rows } = await pool.query<{ writer: number; number: number }>(
        'select writer, number from tail_cursors where consumer = $1',
        [consumer],
      )
      return rows.length === 0 ? null : new Map(rows.map(row => [row.writer, row.number]))
    },
    async readLease(consumer, holder) {
      const { rows } = await pool.query<{ left: number }>({
        name: 'read_tail_lease',
        text: `select (greatest(0, until_micros - now_micros()) + 999) / 1000 as left from tail_leases
                where consumer = $1 and holder <> $2`,
        values: [consumer, holder],
      })
      return rows[0]?.left ?? 0
    },
  }
}

export function createTailWrites(client: Client): TailWrites {
  return {
    async lease(consumer, holder, forMs) {
      await client.query(
        `insert into tail_leases (consumer, holder, until_micros) values ($1, '', 0) on conflict do nothing`,
        [consumer],
      )
      // A row that is locked is another's who is at work; waiting would hold up this lane for as long as that one is frozen.
      const { rowCount } = await client.query(
        `update tail_leases l set holder = $2, until_micros = now_micros() + $3::bigint * 1000
           from (select k.consumer from tail_leases k
                  where k.consumer = $1 and (k.holder = $2 or k.until_micros <= now_micros())
                    for update skip locked) free
          where l.consumer = free.consumer`,
        [consumer, holder, forMs],
      )
      return rowCount === 1
    },
    async move(consumer, vector) {
      await client.query(
        `insert into tail_cursors (consumer, writer, number) select $1, * from unnest($2::smallint[], $3::bigint[])
         on conflict (consumer, writer) do update set number = greatest(tail_cursors.number, excluded.number)`,
        [consumer, [...vector.keys()], [...vector.values()]],
      )
    },
  }
}
