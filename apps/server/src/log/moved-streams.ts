/** What a consumer of the tail makes of the commits that it read. */
import type { StreamId } from '@recado/protocol'
import type { Commit, MovedStream, Vector } from '../store/store.ts'

export function advance(vector: Vector, commits: readonly Commit[]): Map<number, number> {
  const next = new Map(vector)
  for (const commit of commits) next.set(commit.writer, commit.number)
  return next
}

/** Each stream once, over the whole range that these commits moved it. */
export function movedStreams(commits: readonly Commit[]): MovedStream[] {
  const ranges = new Map<StreamId, MovedStream>()
  for (const { streams } of commits) {
    for (const range of streams) {
      const known = ranges.get(range.stream)
      ranges.set(range.stream, known === undefined ? range : join(known, range))
    }
  }
  return [...ranges.values()]
}

function join(a: MovedStream, b: MovedStream): MovedStream {
  return { stream: a.stream, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }
}
