import type { StreamEvent, StreamId } from '@recado/protocol'
import type { ChangedRegisters } from '../store/registers.ts'
import type { Commit } from '../store/store.ts'

/**
 * What a node tells itself and the others after a commit (L4): a hint. `events` holds the content of those streams whose
 * events the committing node knows in full; a reader that finds none reads the stream.
 */
export interface Announcement {
  readonly commit: Commit
  readonly events: ReadonlyMap<StreamId, readonly StreamEvent[]>
  readonly changed: ChangedRegisters
}

export const nothingChanged: ChangedRegisters = { positions: [], bells: [], mails: [] }

export interface Announcer {
  announce(announcement: Announcement): void
  /** A commit was found in the journal that nobody announced: read the journal soon. */
  repairSoon(): void
}
