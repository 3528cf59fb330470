import type { AccountId } from '@recado/protocol'
import type { AppendEntry, AppendOutcome } from '../store/appending.ts'

/** An entry that waits for its batch. */
export interface Waiting {
  readonly entry: AppendEntry
  readonly since: number
  resolve(outcome: AppendOutcome): void
  reject(error: unknown): void
}

export const batchLimits = {
  entries: 512,
  /** UTF-16 units of bodies, near enough to bytes for a bound. */
  bodyUnits: 1024 * 1024,
  /** Of one account: nobody fills a batch alone while others wait. */
  perActor: 64,
}

/**
 * Takes the next batch from the front of the queue and leaves the rest in order. An account's entries keep their order:
 * once one of them has to wait, so do those behind it. The same key twice waits too, so that the second meets the
 * first in the log (L3).
 */
export function takeBatch(queue: readonly Waiting[]): { readonly batch: Waiting[]; readonly rest: Waiting[] } {
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  const counts = new Map<AccountId, number>()
  const blocked = new Set<AccountId>()
  const keys = new Set<string>()
  let bodyUnits = 0
  for (const [index, waiting] of queue.entries()) {
    const { entry } = waiting
    if (batch.length >= batchLimits.entries || bodyUnits > batchLimits.bodyUnits) {
      for (let later = index; later < queue.length; later++) rest.push(queue[later] as Waiting)
      break
    }
    const count = counts.get(entry.actorId) ?? 0
    const key = `${entry.conversationId} ${entry.actorId} ${entry.key}`
    if (count >= batchLimits.perActor || keys.has(key)) blocked.add(entry.actorId)
    if (blocked.has(entry.actorId)) {
      rest.push(waiting)
      continue
    }
    counts.set(entry.actorId, count + 1)
    keys.add(key)
    bodyUnits += entry.body?.length ?? 0
    batch.push(waiting)
  }
  return { batch, rest }
}
