/** The commit journal as readers get it. */
import type { Commit, Vector } from '@recado/server/store/store.ts'
import type { ModelDatabase } from './database.ts'
import type { CommitRow, View } from './tables.ts'

/** Per writer in order, at most `limit` of each. */
export function readJournal(view: View, after: Vector, limit: number): Commit[] {
  const rows = view.find('commits', row => row.number > (after.get(row.writer) ?? 0))
  return [...Map.groupBy(rows, row => row.writer)]
    .sort(([a], [b]) => a - b)
    .flatMap(([, group]) => group.sort((a, b) => a.number - b.number).slice(0, limit))
    .map(presentCommit)
}

function presentCommit({ writer, number, streams, registers }: CommitRow): Commit {
  return { writer, number, streams, registers }
}

export function readVector(view: View): Vector {
  const vector = new Map<number, number>()
  for (const { writer, number } of view.find('commits', () => true)) {
    vector.set(writer, Math.max(vector.get(writer) ?? 0, number))
  }
  return vector
}

/** All that every consumer which has read of this writer has passed; never a writer's newest. */
export function pruneJournal(database: ModelDatabase, beforeMicros: number): number {
  const newest = readVector(database)
  const old = database.find('commits', ({ writer, number, micros }) => {
    const passed = database.find('tails', row => row.writer === writer).map(row => row.number)
    return (
      micros < beforeMicros && number < (newest.get(writer) ?? 0) && passed.length > 0 && number <= Math.min(...passed)
    )
  })
  for (const { writer, number } of old) database.tables.commits.delete(`${writer} ${number}`)
  return old.length
}
