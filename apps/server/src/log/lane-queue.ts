/**
 * What waits for the message lane, in order. Upholds L10: bounded by entries and by bytes, as a whole and for each
 * account, so that memory has a bound and nobody fills it alone. What is refused here was not written.
 */
import type { AccountId } from '@recado/protocol'
import type { AppendEntry } from '../store/appending.ts'
import { takeBatch, type Waiting } from './batch.ts'

export const queueLimits = {
  entries: 20_000,
  bytes: 64 * 1024 * 1024,
  /** Of one account: what four of its sockets may have under way, a sixteenth of the whole. */
  entriesPerActor: 4_096,
  bytesPerActor: 4 * 1024 * 1024,
}

/** Of an entry without its texts: its object, its promise, its numbers. */
const entryBytes = 512
const bytesPerMention = 16

interface Share {
  entries: number
  bytes: number
}

export class LaneQueue {
  #waiting: readonly Waiting[] = []
  readonly #arrived: Waiting[] = []
  readonly #shares = new Map<AccountId, Share>()
  readonly #total: Share = { entries: 0, bytes: 0 }

  get length(): number {
    return this.#total.entries
  }

  get oldest(): Waiting | undefined {
    return this.#waiting[0] ?? this.#arrived[0]
  }

  /** Whether there is room for one more. */
  admits(entry: AppendEntry): boolean {
    const bytes = weigh(entry)
    const { entriesPerActor, bytesPerActor } = queueLimits
    if (this.#total.entries >= queueLimits.entries || this.#total.bytes + bytes > queueLimits.bytes) return false
    const share = this.#shares.get(entry.actorId)
    return share === undefined || (share.entries < entriesPerActor && share.bytes + bytes <= bytesPerActor)
  }

  push(waiting: Waiting): void {
    this.#arrived.push(waiting)
    this.#count(waiting.entry, 1)
  }

  takeBatch(): readonly Waiting[] {
    const { batch, rest } = takeBatch(this.#all())
    this.#waiting = rest
    for (const { entry } of batch) this.#count(entry, -1)
    return batch
  }

  takeAll(): readonly Waiting[] {
    const all = this.#all()
    this.#waiting = []
    this.#shares.clear()
    this.#total.entries = 0
    this.#total.bytes = 0
    return all
  }

  #all(): readonly Waiting[] {
    const arrived = this.#arrived.splice(0)
    return this.#waiting.length === 0 ? arrived : [...this.#waiting, ...arrived]
  }

  #count(entry: AppendEntry, difference: 1 | -1): void {
    const bytes = difference * weigh(entry)
    this.#total.entries += difference
    this.#total.bytes += bytes
    const share = this.#shares.get(entry.actorId)
    if (share === undefined) this.#shares.set(entry.actorId, { entries: difference, bytes })
    else {
      share.entries += difference
      share.bytes += bytes
      if (share.entries === 0) this.#shares.delete(entry.actorId)
    }
  }
}

/** At most what an entry takes in memory: a string's characters take one or two bytes each. */
function weigh(entry: AppendEntry): number {
  const units = (entry.body?.length ?? 0) + entry.key.length + entry.fingerprint.length
  return entryBytes + 2 * units + bytesPerMention * entry.mentions.length
}
