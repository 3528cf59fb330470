/**
 * Judges one stream at the end of a run, from the database's rows and everybody's testimony alone. It shares no code with
 * server or SDK, so a mistake of theirs cannot excuse itself.
 */
import { checkReader } from './check-reader.ts'
import { checkSender } from './check-sender.ts'
import { checkStream } from './check-stream.ts'
import type { StoredConversation, Testimony, Violation } from './evidence.ts'

export function checkConversation(stored: StoredConversation, testimonies: readonly Testimony[]): Violation[] {
  const found = [
    ...checkStream(stored),
    ...testimonies.flatMap(testimony => [...checkSender(stored, testimony), ...checkReader(stored, testimony)]),
  ]
  return found.map(({ kind, detail }) => ({ kind, detail: `${stored.kind} ${stored.id}: ${detail}` }))
}
