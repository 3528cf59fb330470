/** Everything about files, in order: where they lie, who looks at them, who takes them in, who collects them. */
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Store } from '../store/store.ts'
import { createMediaCollector } from './collector.ts'
import { createDiskContents } from './disk-contents.ts'
import { Inspector } from './inspection/inspector.ts'
import type { MediaService } from './media.ts'
import { UploadFolder } from './upload-folder.ts'
import { Uploads } from './uploads.ts'

export interface MediaOptions {
  readonly config: Pick<Config, 'dataDir' | 'roles' | 'mediaFileBytes' | 'mediaQuotaBytes'>
  readonly store: Pick<Store, 'media'>
  readonly clock: Clock
  readonly logger: Logger
}

export async function openMedia(options: MediaOptions): Promise<MediaService & AsyncDisposable> {
  const { config, store } = options
  await using owned = new AsyncDisposableStack()
  const root = join(config.dataDir, 'media')
  const folder = new UploadFolder(join(root, 'uploads'))
  const contents = createDiskContents(join(root, 'contents'))
  const inspector = owned.use(await Inspector.start({ ...options, contents, folder }))
  const { mediaFileBytes: fileBytes, mediaQuotaBytes: quotaBytes } = config
  const uploads = new Uploads({ store, folder, inspector, fileBytes, quotaBytes })
  if (config.roles.includes('jobs')) owned.use(createMediaCollector({ ...options, contents, folder }))
  const held = owned.move()
  return { uploads, inspector, contents, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
