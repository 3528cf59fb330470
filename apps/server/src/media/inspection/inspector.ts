/**
 * Has each finished upload looked at, one after the other, and makes it ready or refuses it. The work is the rows in state
 * `inspecting`: what a killed server left is taken up at the next start, and doing it twice writes the same.
 */
import { rm } from 'node:fs/promises'
import type { MediaId } from '@recado/protocol'
import type { Clock } from '../../clock.ts'
import type { Logger } from '../../logger.ts'
import type { Findings } from '../../store/media.ts'
import type { Store } from '../../store/store.ts'
import type { Contents } from '../contents.ts'
import type { UploadFolder } from '../upload-folder.ts'
import { Crashed, LookingProcess, TookTooLong } from './looking-process.ts'
import type { Report } from './report.ts'

export interface InspectorOptions {
  readonly store: Pick<Store, 'media'>
  readonly contents: Contents
  readonly folder: UploadFolder
  readonly clock: Clock
  readonly logger: Logger
  readonly timeoutMs?: number
}

const timeoutMs = 30_000
const idleMs = 60_000
/** After a failure that is not the file's fault, and how many are taken up at once. */
const retryMs = 30_000
const takenUp = 1_000
/** A file that took the process down twice is not tried a third time. */
const attempts = 2

export class Inspector implements AsyncDisposable {
  readonly #options: InspectorOptions
  readonly #process: LookingProcess
  readonly #waiting = new Set<MediaId>()
  readonly #listeners = new Map<MediaId, Set<() => void>>()
  #running: Promise<void> | null = null
  #cancelRetry: () => void = () => undefined
  #closed = false

  private constructor(options: InspectorOptions) {
    this.#options = options
    this.#process = new LookingProcess({
      folder: options.folder.path,
      timeoutMs: options.timeoutMs ?? timeoutMs,
      idleMs,
    })
  }

  static async start(options: InspectorOptions): Promise<Inspector> {
    const inspector = new Inspector(options)
    await inspector.#takeUp()
    return inspector
  }

  inspect(id: MediaId): void {
    if (this.#closed) return
    this.#waiting.add(id)
    this.#running ??= this.#run()
  }

  /** Resolves once the file was looked at here, or after a while. */
  async whenInspected(id: MediaId, withinMs: number): Promise<void> {
    if (!this.#waiting.has(id)) return
    await new Promise<void>(resolve => {
      const listeners = this.#listeners.get(id) ?? new Set()
      this.#listeners.set(id, listeners.add(done))
      const cancel = this.#options.clock.setTimer(withinMs, done)
      function done() {
        cancel()
        listeners.delete(done)
        resolve()
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#cancelRetry()
    await this.#process[Symbol.asyncDispose]()
    await this.#running
    for (const id of [...this.#listeners.keys()]) this.#settle(id)
  }

  async #takeUp(): Promise<void> {
    const { store, folder } = this.#options
    for (const id of await store.media.listInspecting(takenUp)) if (await folder.has(id)) this.inspect(id)
  }

  async #run(): Promise<void> {
    for (const id of this.#waiting) {
      if (this.#closed) break
      try {
        await this.#inspect(id)
      } catch (error) {
        if (this.#closed) break
        this.#options.logger.error({ err: error, media: id }, 'an upload could not be looked at; trying again')
        this.#retrySoon()
      }
      this.#waiting.delete(id)
      this.#settle(id)
    }
    this.#running = null
  }

  #settle(id: MediaId): void {
    for (const done of [...(this.#listeners.get(id) ?? [])]) done()
    this.#listeners.delete(id)
  }

  #retrySoon(): void {
    this.#cancelRetry()
    this.#cancelRetry = this.#options.clock.setTimer(retryMs, () => {
      this.#takeUp().catch(error => {
        this.#options.logger.warn({ err: error }, 'uploads that wait could not be listed')
        this.#retrySoon()
      })
    })
  }

  async #inspect(id: MediaId): Promise<void> {
    const { store, folder } = this.#options
    const row = await store.media.find(id)
    if (row?.state === 'inspecting') {
      const report = await this.#look(id)
      if ('failure' in report) throw new Error(report.failure)
      if ('refusal' in report) await store.media.refuse(id, report.refusal)
      else await this.#accept(id, report)
    }
    await folder.remove(id)
  }

  async #look(id: MediaId, attempt = 1): Promise<Report> {
    const { folder } = this.#options
    try {
      return await this.#process.look({
        file: folder.pathOf(id),
        original: folder.pathOf(id, 'original'),
        preview: folder.pathOf(id, 'preview'),
      })
    } catch (error) {
      if (this.#closed) throw error
      if (error instanceof TookTooLong) return { number: 0, refusal: 'took-too-long' }
      if (!(error instanceof Crashed)) throw error
      if (attempt < attempts) return await this.#look(id, attempt + 1)
      this.#options.logger.warn({ media: id }, 'a file took down the process that looked at it')
      return { number: 0, refusal: 'unreadable-image' }
    }
  }

  async #accept(id: MediaId, report: Extract<Report, { readonly findings: Findings }>): Promise<void> {
    const { store, contents, folder } = this.#options
    const { findings, original } = report
    await put(contents, findings.original.hash, original)
    if (findings.image !== null) await put(contents, findings.image.preview.hash, folder.pathOf(id, 'preview'))
    const outcome = await store.media.accept(id, findings, contents)
    // Collected with its last file between the two steps: what was put has to be put again.
    if (outcome === 'content-missing') throw new Error('content went while it was being stored')
  }
}

async function put(contents: Contents, hash: string, file: string): Promise<void> {
  if (await contents.isStored(hash)) await rm(file, { force: true })
  else await contents.put(hash, file)
}
