/** What operations and the transport may reach of files. */
import type { Contents } from './contents.ts'
import type { Inspector } from './inspection/inspector.ts'
import type { Uploads } from './uploads.ts'

export interface MediaService {
  readonly uploads: Pick<Uploads, 'fileBytes' | 'create' | 'state' | 'append' | 'cancel'>
  readonly inspector: Pick<Inspector, 'whenInspected'>
  readonly contents: Pick<Contents, 'read'>
}
