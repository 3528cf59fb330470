import { Refusal } from '../problem.ts'
import { LaneClosed } from './lane-writer.ts'

/** Classes of SQLSTATE after which nothing was written and the same request may succeed later. */
const retryableClasses = new Set(['08', '25', '40', '53', '55', '57', '58'])
const diskFull = '53100'

/** What the caller of a write is told when the store failed without writing. A bug stays an exception. */
export function storeRefusal(error: unknown): unknown {
  if (error instanceof Refusal) return error
  if (error instanceof LaneClosed) return new Refusal('unavailable', {}, { cause: error })
  const code = sqlState(error)
  if (code === diskFull) return new Refusal('storage-full', { retryAfterMs: 5_000 }, { cause: error })
  if (code !== null && retryableClasses.has(code.slice(0, 2))) return new Refusal('unavailable', {}, { cause: error })
  return error
}

/** Whether running the same transaction again at once may succeed: a deadlock or a lost race. */
export function isTransient(error: unknown): boolean {
  const code = sqlState(error)
  return code !== null && (code.startsWith('40') || code === '55P03')
}

function sqlState(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.length === 5
    ? error.code
    : null
}
