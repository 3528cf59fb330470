/**
 * Resumable uploads. The store says how much of an upload is safely on disk, the file holds it; a byte is counted once it
 * is synced, so after a crash an upload goes on from what was counted. One request at a time writes: a later one ends an
 * earlier one, which after a cut is a connection that nobody holds any more.
 */
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type AccountId, limits, type MediaId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { MediaRow } from '../store/media.ts'
import type { Store } from '../store/store.ts'
import { cleanFileName } from './file-name.ts'
import type { Inspector } from './inspection/inspector.ts'
import type { UploadFolder } from './upload-folder.ts'

export interface UploadsOptions {
  readonly store: Pick<Store, 'media'>
  readonly folder: UploadFolder
  readonly inspector: Pick<Inspector, 'inspect'>
  readonly fileBytes: number
  readonly quotaBytes: number
}

export interface UploadState {
  readonly offset: number
  readonly length: number
  readonly expiresAtMs: number
}

interface Part {
  readonly id: MediaId
  readonly accountId: AccountId
  readonly offset: number
  readonly body: Readable
}

const idBytes = 16

export class Uploads {
  readonly #options: UploadsOptions
  readonly #writing = new Map<MediaId, { end(): void; readonly ended: Promise<void> }>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  get fileBytes(): number {
    return this.#options.fileBytes
  }

  /** Raises `too-large`, `limit-reached` and `quota-reached`. */
  async create(accountId: AccountId, { name, length }: { readonly name: string; readonly length: number }) {
    const { store, fileBytes, quotaBytes } = this.#options
    if (length > fileBytes) refuse('too-large', `A file has at most ${fileBytes} bytes here.`)
    const id = randomBytes(idBytes).toString('base64url') as MediaId
    const upload = { id, accountId, name: cleanFileName(name), length }
    const bounds = { quotaBytes, unfinished: limits.uploadsPerAccount, keptMs: limits.uploadMs }
    const outcome = await store.media.create(upload, bounds)
    if (outcome === 'quota-reached') refuse('quota-reached', `Your files may have ${quotaBytes} bytes in all.`)
    if (outcome === 'too-many') refuse('limit-reached', `Finish or cancel some of ${limits.uploadsPerAccount} uploads.`)
    return id
  }

  /** Ends whoever still writes it: only what is then on disk is the answer. Raises `not-found`. */
  async state(id: MediaId, accountId: AccountId): Promise<UploadState> {
    await this.#requireOwn(id, accountId)
    await this.#endWriting(id)
    return stateOf(await this.#requireOwn(id, accountId))
  }

  /** Raises `not-found`, `offset-mismatch` and `too-large`. A body that breaks off leaves what came of it. */
  async append(part: Part): Promise<UploadState> {
    const { id, accountId, offset, body } = part
    await this.#requireOwn(id, accountId)
    const written = Promise.withResolvers<void>()
    await this.#endWriting(id)
    this.#writing.set(id, { end: () => void body.destroy(), ended: written.promise })
    try {
      const row = await this.#requireOwn(id, accountId)
      const { length } = row
      if (row.state !== 'uploading' || row.received !== offset) refuse('offset-mismatch')
      const { received, outcome } = await this.#write(part, length)
      if (outcome === 'too-long') refuse('too-large', 'More was sent than was announced.')
      if (received === length && (await this.#options.store.media.finishUpload(id))) this.#options.inspector.inspect(id)
      return stateOf({ ...row, received })
    } finally {
      this.#writing.delete(id)
      written.resolve()
    }
  }

  /** Raises `not-found`, also for what hangs on a message. */
  async cancel(id: MediaId, accountId: AccountId): Promise<void> {
    const row = await this.#requireOwn(id, accountId)
    await this.#endWriting(id)
    if (!(await this.#options.store.media.cancel(id))) refuse('not-found')
    if (row.state === 'uploading') await this.#options.folder.remove(id)
  }

  async #requireOwn(id: MediaId, accountId: AccountId): Promise<MediaRow> {
    const row = await this.#options.store.media.find(id)
    if (row === null || row.accountId !== accountId || row.state === 'doomed') refuse('not-found')
    return row
  }

  async #endWriting(id: MediaId): Promise<void> {
    for (let other = this.#writing.get(id); other !== undefined; other = this.#writing.get(id)) {
      other.end()
      await other.ended
    }
  }

  async #write({ id, offset, body }: Part, length: number) {
    const { store, folder } = this.#options
    const file = await open(folder.pathOf(id), offset === 0 ? 'w' : 'r+')
    let received = offset
    let outcome: 'whole' | 'too-long' = 'whole'
    try {
      for await (const chunk of partsOf(body)) {
        const wanted = chunk.subarray(0, length - received)
        await file.write(wanted, 0, wanted.length, received)
        received += wanted.length
        if (wanted.length < chunk.length) outcome = 'too-long'
        if (outcome === 'too-long') break
      }
      await file.datasync()
    } catch (error) {
      if (isFull(error)) refuse('storage-full')
      throw error
    } finally {
      await file.close()
    }
    if (received > offset) await store.media.setReceived(id, received)
    return { received, outcome }
  }
}

/** What comes of a body, up to where it breaks off. Who stops reading may still answer. */
async function* partsOf(body: Readable): AsyncGenerator<Buffer> {
  const parts = body.iterator({ destroyOnReturn: false })
  for (;;) {
    const part = await parts.next().catch(() => ({ done: true, value: undefined }) as const)
    if (part.done) return
    yield part.value as Buffer
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function stateOf(row: MediaRow): UploadState {
  const expiresAtMs = row.createdMicros / 1_000 + limits.uploadMs
  return { offset: row.state === 'uploading' ? row.received : row.length, length: row.length, expiresAtMs }
}
