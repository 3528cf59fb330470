/**
 * How far mails got, as their authors' connections hear of it (M6, L11): at most two frames a second for each mail, with
 * its counts and, up to `limits.statusRowsRecipients` recipients, the rows that changed since the last frame. A change is
 * noted with its author when it was announced; of one that only the journal tells, the author is read, so a lost hint
 * costs what changed and not what is watched (L4).
 */
import {
  type AccountId,
  type DeliveriesFrame,
  limits,
  type MailId,
  type StreamHead,
  type StreamId,
} from '@recado/protocol'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { ChangedMail, StatusesRow } from '../store/mail.ts'
import type { Store } from '../store/store.ts'
import { Frame } from './frame.ts'
import type { OnlineAccount } from './online-account.ts'

const pauseMs = 500
const mailsPerRead = 500
/** Mails of which the version last told is remembered; of a forgotten one the next frame brings every row again. */
const rememberedMails = 5_000

export interface MailStatusesOptions {
  readonly store: Pick<Store, 'mail'>
  readonly clock: Clock
  readonly logger: Logger
  readonly online: ReadonlyMap<AccountId, OnlineAccount>
}

export class MailStatusFrames implements Disposable {
  readonly #options: MailStatusesOptions
  readonly #moved = new Set<MailId>()
  readonly #told = new Map<MailId, number>()
  #running = false
  #closed = false
  #endPause: () => void = () => undefined

  constructor(options: MailStatusesOptions) {
    this.#options = options
  }

  /** Announced: what concerns nobody here is forgotten at once. */
  note(changed: readonly ChangedMail[]): void {
    for (const { mailId, authorId } of changed) if (this.#options.online.has(authorId)) this.#want(mailId)
  }

  /** Register groups that nobody here follows as a stream: some may be mails. */
  repair(groups: readonly StreamId[]): void {
    if (this.#options.online.size > 0) for (const group of groups) this.#want(group as MailId)
  }

  /** Stands for frames that could not be sent: the client reads the mail's statuses again. */
  headOf(stream: StreamId): StreamHead | null {
    const registers = this.#told.get(stream as MailId)
    return registers === undefined ? null : { stream, sequence: 0, micros: 0, ordinal: 0, registers }
  }

  [Symbol.dispose](): void {
    this.#closed = true
    this.#endPause()
  }

  #want(mailId: MailId): void {
    this.#moved.add(mailId)
    if (this.#running) return
    this.#running = true
    // What is committed together is told together.
    this.#options.clock.defer(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#moved.size > 0 && !this.#closed) {
      const batch = [...this.#moved].slice(0, mailsPerRead)
      for (const mailId of batch) this.#moved.delete(mailId)
      try {
        await this.#tell(batch)
      } catch (error) {
        if (this.#closed) return
        this.#options.logger.warn({ err: error }, 'statuses of mails could not be read; trying again')
        for (const mailId of batch) this.#moved.add(mailId)
      }
      if (!this.#closed) await this.#pause()
    }
    this.#running = false
  }

  #pause(): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.clock.setTimer(pauseMs, resolve)
      this.#endPause = () => {
        cancel()
        resolve()
      }
    })
  }

  async #tell(mailIds: readonly MailId[]): Promise<void> {
    for (const row of await this.#options.store.mail.readStatuses(mailIds)) {
      const online = this.#options.online.get(row.authorId)
      const above = this.#told.get(row.mailId) ?? 0
      if (online === undefined || row.statuses.version <= above) continue
      const frame = await readStatusFrame(this.#options.store, row, above)
      this.#remember(row)
      for (const connection of online.connections) connection.push(frame)
    }
  }

  #remember({ mailId, statuses }: StatusesRow): void {
    this.#told.delete(mailId)
    this.#told.set(mailId, statuses.version)
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= rememberedMails) break
      this.#told.delete(oldest)
    }
  }
}

/** The counts, and where they are few the rows above a version. */
export async function readStatusFrame(
  store: Pick<Store, 'mail'>,
  { mailId, authorId, statuses }: StatusesRow,
  above: number,
): Promise<Frame> {
  const { version: _, ...counts } = statuses
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const limit = limits.statusRowsRecipients
  const items =
    total > limit ? [] : await store.mail.listDeliveries({ mailId, viewer: authorId, above, after: 0, limit })
  const frame: DeliveriesFrame = { type: 'deliveries', mailId, statuses, above, items: [...items] }
  return Frame.register(mailId, frame)
}
