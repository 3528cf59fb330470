/** Everything about files, in order: where they lie, who looks at them, who takes them in, who collects them. */
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { type Config, ConfigurationError } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Store } from '../store/store.ts'
import { createMediaCollector } from './collector.ts'
import type { Contents } from './contents.ts'
import { createDiskContents } from './disk-contents.ts'
import { Inspector } from './inspection/inspector.ts'
import type { MediaService } from './media.ts'
import type { S3Address } from './s3-address.ts'
import { createS3Contents, StorageRefused, tryStorage } from './s3-contents.ts'
import { UploadFolder } from './upload-folder.ts'
import { Uploads } from './uploads.ts'

export interface MediaOptions {
  readonly config: Pick<Config, 'dataDir' | 's3' | 'roles' | 'mediaFileBytes' | 'mediaQuotaBytes'>
  readonly store: Pick<Store, 'media'>
  readonly clock: Clock
  readonly logger: Logger
}

/** A storage that refuses is a mistake of the configuration; one that is away may come back. */
async function openStorage(address: S3Address, { logger }: Pick<MediaOptions, 'logger'>): Promise<Contents> {
  try {
    await tryStorage(address)
  } catch (error) {
    if (error instanceof StorageRefused && error.status < 500) {
      throw new ConfigurationError([`RECADO_S3_URL: ${error.message}`])
    }
    logger.warn({ err: error }, 'the object storage is away; files wait for it')
  }
  return createS3Contents(address)
}

export async function openMedia(options: MediaOptions): Promise<MediaService & AsyncDisposable> {
  const { config, store } = options
  await using owned = new AsyncDisposableStack()
  const root = join(config.dataDir, 'media')
  const folder = new UploadFolder(join(root, 'uploads'))
  const contents =
    config.s3 === undefined ? createDiskContents(join(root, 'contents')) : await openStorage(config.s3, options)
  const inspector = owned.use(await Inspector.start({ ...options, contents, folder }))
  const { mediaFileBytes: fileBytes, mediaQuotaBytes: quotaBytes } = config
  const uploads = new Uploads({ store, folder, inspector, fileBytes, quotaBytes })
  if (config.roles.includes('jobs')) owned.use(createMediaCollector({ ...options, contents, folder }))
  const held = owned.move()
  return { uploads, inspector, contents, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
