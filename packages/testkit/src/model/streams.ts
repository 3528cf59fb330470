/** Streams: their locks, their heads and what is appended to them. */
import type { StreamId } from '@recado/protocol'
import type { MovedStream } from '@recado/server/store/store.ts'
import { DuplicateError, type ModelTransaction } from './database.ts'
import type { EventRow, HeadRow, View } from './tables.ts'

export async function lockStreams(transaction: ModelTransaction, streams: readonly StreamId[]): Promise<void> {
  for (const stream of ascending(streams)) {
    if (transaction.get('heads', stream) !== undefined) await transaction.lock(`stream ${stream}`)
  }
}

export async function lockRegisters(transaction: ModelTransaction, groups: readonly StreamId[]): Promise<void> {
  for (const group of ascending(groups)) {
    if (transaction.get('registerHeads', group) !== undefined) await transaction.lock(`registers ${group}`)
  }
}

function ascending(ids: readonly StreamId[]): StreamId[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

export function findByKey(view: View, stream: StreamId, actorId: number, key: string): EventRow | undefined {
  return view.find('events', row => row.stream === stream && row.actorId === actorId && row.key === key)[0]
}

/** Appends after the head, at a time that never moves back. */
export function appendEvent(
  transaction: ModelTransaction,
  event: Omit<EventRow, 'sequence' | 'micros'>,
  micros: number,
): EventRow {
  const head = requireHead(transaction, event.stream)
  const { key, actorId, stream } = event
  if (key !== null && actorId !== null && findByKey(transaction, stream, actorId, key) !== undefined) {
    throw new DuplicateError('events', `${stream} ${actorId} ${key}`)
  }
  const row = { ...event, sequence: head.sequence + 1, micros: Math.max(head.micros, micros) }
  transaction.insert('events', row)
  transaction.put('heads', { ...head, sequence: row.sequence, micros: row.micros })
  return row
}

export function requireHead(view: View, stream: StreamId): HeadRow {
  const head = view.get('heads', stream)
  if (head === undefined) throw new Error('an event was appended to a stream that is not locked')
  return head
}

export function registersOf(view: View, group: StreamId): number {
  return view.get('registerHeads', group)?.version ?? 0
}

/** Streams that this transaction moved, each with where it stood before. */
export function movedStreams(transaction: ModelTransaction, locked: readonly StreamId[]): MovedStream[] {
  const moved: MovedStream[] = []
  for (const stream of ascending(locked)) {
    const from = transaction.database.get('heads', stream)?.sequence ?? 0
    const to = transaction.get('heads', stream)?.sequence ?? 0
    if (to > from) moved.push({ stream, from, to })
  }
  return moved
}
