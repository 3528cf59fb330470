/** Where uploads lie until they were looked at: on this node's own disk, each under its id. */
import { mkdirSync } from 'node:fs'
import { access, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaId } from '@recado/protocol'

const parts = ['original', 'preview'] as const

export class UploadFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
    mkdirSync(path, { recursive: true })
  }

  /** The upload itself, or what is made of it. */
  pathOf(id: MediaId, part?: (typeof parts)[number]): string {
    return join(this.path, part === undefined ? id : `${id}.${part}`)
  }

  has(id: MediaId): Promise<boolean> {
    return access(this.pathOf(id)).then(
      () => true,
      () => false,
    )
  }

  async remove(id: MediaId): Promise<void> {
    await rm(this.pathOf(id), { force: true })
    for (const part of parts) await rm(this.pathOf(id, part), { force: true })
  }

  /** What nobody has written to since then; rows of the store decide what is an upload, not these files. */
  async removeOlder(thanMs: number): Promise<void> {
    for (const name of await readdir(this.path)) {
      const path = join(this.path, name)
      const file = await stat(path).catch(() => null)
      if (file !== null && file.mtimeMs < thanMs) await rm(path, { force: true })
    }
  }
}
