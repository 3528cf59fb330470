import { isDiskFull, isOutage } from '../outage.ts'
import { Refusal } from '../problem.ts'
import { LaneClosed } from './lane-writer.ts'

/** What the caller of a write is told when the store failed without writing. A bug stays an exception. */
export function storeRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error
  if (isDiskFull(error)) return new Refusal('storage-full', { retryAfterMs: 5_000 }, { cause: error })
  if (error instanceof LaneClosed || isOutage(error)) return new Refusal('unavailable', {}, { cause: error })
  return error
}
