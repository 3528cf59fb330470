/**
 * Collects files that nobody refers to: uploads that were never finished or sent, and what hung on deleted messages. Looks
 * only at what is due, so its cost is that of what changed.
 */
import { limits } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { RepeatedWork } from '../repeated-work.ts'
import type { Store } from '../store/store.ts'
import type { Contents } from './contents.ts'
import type { UploadFolder } from './upload-folder.ts'

export interface CollectorOptions {
  readonly store: Pick<Store, 'media'>
  readonly contents: Contents
  readonly folder: UploadFolder
  readonly clock: Clock
  readonly logger: Logger
}

const pauseMs = 60_000
/** No transaction of ours lives as long: whoever saw a file ready has written or given up by then. */
const doomedMs = 10 * 60_000
/** Files of uploads that have expired lie at least as long. */
const staleMs = limits.uploadMs + 60 * 60_000

export function createMediaCollector(options: CollectorOptions): AsyncDisposable {
  const { store, contents, folder, clock, logger } = options
  const work = async (isClosed: () => boolean) => {
    const nowMicros = clock.now() * 1_000
    try {
      while (!isClosed() && (await store.media.collect({ nowMicros, doomedMs, contents })));
      await folder.removeOlder(clock.now() - staleMs)
    } catch (error) {
      logger.warn({ err: error }, 'files that nobody refers to could not be collected')
    }
  }
  return new RepeatedWork({ clock, pauseMs, work })
}
