import { CacheGoneError } from '../cache/cache.ts'
import { refuse } from '../problem-error.ts'

/** Where the sign-in ends at that moment, nothing was taken over: whoever wrote it still has it. */
export async function taken<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof CacheGoneError)) throw error
    throw refuse('session-ended', { detail: 'Nothing of this was kept.' }, { cause: error })
  }
}
