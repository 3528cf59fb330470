/**
 * A bound on how long a request over HTTP waits. While the database is away, or a standby that must confirm is missing,
 * the batch in flight waits as long as it takes, because nobody knows its outcome (L2). A socket waits with it; a caller
 * over HTTP is told `unavailable`: written or not, nobody knows, and the same request again is harmless by its key (L3).
 * What it asked for goes on: this ends the waiting, not the work.
 */
import { limits } from '@recado/protocol'
import type { Clock } from '../../clock.ts'
import { Refusal } from '../../problem.ts'

export async function answerWithin<Result>(clock: Clock, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.setTimer(limits.answerWithinMs, () => late.reject(new Refusal('unavailable')))
  try {
    return await Promise.race([work, late.promise])
  } finally {
    cancel()
  }
}
