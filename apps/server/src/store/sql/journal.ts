import type { StreamId } from '@recado/protocol'
import type { Pool } from 'pg'
import type { Commit, Vector } from '../store.ts'

interface CommitRow {
  readonly writer: number
  readonly number: number
  readonly streams: StreamId[]
  readonly previous: number[]
  readonly sequences: number[]
  readonly groups: StreamId[]
  readonly versions: number[]
}

/** Commits above a vector, per writer in order; a writer that the vector does not name counts from its beginning. */
export async function readJournal(pool: Pool, after: Vector, limit: number): Promise<readonly Commit[]> {
  const { rows } = await pool.query<CommitRow>({
    name: 'read_journal',
    text: `with recursive writers(writer) as (
             (select writer from commits order by writer limit 1)
             union all
             select (select c.writer from commits c where c.writer > w.writer order by c.writer limit 1) from writers w where w.writer is not null
           )
           select c.writer, c.number, c.streams, c.previous, c.sequences, c.groups, c.versions
             from writers w left join unnest($1::smallint[], $2::bigint[]) as seen(writer, number) on seen.writer = w.writer
             cross join lateral (
               select * from commits k where k.writer = w.writer and k.number > coalesce(seen.number, 0)
                order by k.number limit $3) c
            where w.writer is not null`,
    values: [[...after.keys()], [...after.values()], limit],
  })
  return rows.map(parseCommit)
}

export async function readVector(pool: Pool): Promise<Vector> {
  const { rows } = await pool.query<{ writer: number; number: number }>(
    'select writer, max(number) as number from commits group by writer',
  )
  return new Map(rows.map(row => [row.writer, row.number]))
}

const prunedAtOnce = 5_000

export async function pruneJournal(pool: Pool, beforeMicros: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from commits c using (
       select k.writer, k.number from commits k
        where k.micros < $1
          and k.number < (select max(n.number) from commits n where n.writer = k.writer)
          and k.number <= (select min(t.number) from tail_cursors t where t.writer = k.writer)
        order by k.writer, k.number limit $2) old
      where c.writer = old.writer and c.number = old.number`,
    [beforeMicros, prunedAtOnce],
  )
  return rowCount ?? 0
}

function parseCommit(row: CommitRow): Commit {
  return {
    writer: row.writer,
    number: row.number,
    streams: row.streams.map((stream, index) => ({
      stream,
      from: row.previous[index] ?? 0,
      to: row.sequences[index] ?? 0,
    })),
    registers: row.groups.map((group, index) => ({ group, version: row.versions[index] ?? 0 })),
  }
}
