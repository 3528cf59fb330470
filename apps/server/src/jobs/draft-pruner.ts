/**
 * Forgets drafts that were sent or discarded long ago. What is left of one keeps a save that comes late from bringing it back. A
 * device that had seen it says a version with its save and is refused without that, too; one that had not, because the
 * answer to its first save was lost, would make a copy of its text as it is refused: after so long it is the draft again.
 * Events that name it are void then; what a device still shows of it goes as it lists its drafts, on its next connection.
 */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { RepeatedWork } from '../repeated-work.ts'
import type { Store } from '../store/store.ts'

const keptMs = 60 * 24 * 60 * 60 * 1_000
const pauseMs = 10 * 60_000

export interface DraftPrunerOptions {
  readonly store: Pick<Store, 'drafts'>
  readonly clock: Clock
  readonly logger: Logger
}

export function createDraftPruner({ store, clock, logger }: DraftPrunerOptions): AsyncDisposable {
  const work = async (isClosed: () => boolean) => {
    try {
      while (!isClosed() && (await store.drafts.prune((clock.now() - keptMs) * 1_000)) > 0);
    } catch (error) {
      logger.warn({ err: error }, 'drafts that are gone could not be pruned')
    }
  }
  return new RepeatedWork({ clock, pauseMs, work })
}
