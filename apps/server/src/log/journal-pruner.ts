/** Keeps the commit journal to about a day: long enough for any node to repair itself and for any mark worth resuming. */
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { RepeatedWork } from '../repeated-work.ts'
import type { Store } from '../store/store.ts'

const keptMs = 24 * 60 * 60 * 1_000
const pauseMs = 60_000

export interface JournalPrunerOptions {
  readonly store: Pick<Store, 'pruneJournal'>
  readonly clock: Clock
  readonly logger: Logger
}

export function createJournalPruner({ store, clock, logger }: JournalPrunerOptions): AsyncDisposable {
  const work = async (isClosed: () => boolean) => {
    try {
      while (!isClosed() && (await store.pruneJournal((clock.now() - keptMs) * 1_000)) > 0);
    } catch (error) {
      logger.warn({ err: error }, 'the commit journal could not be pruned')
    }
  }
  return new RepeatedWork({ clock, pauseMs, work })
}
