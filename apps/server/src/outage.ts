/**
 * What an error of the database means to whoever asked: the one place that reads SQLSTATEs and what `pg` and the network
 * say. A database that is away, restarting or overloaded passes, and the same request may succeed later; a statement that
 * is wrong is a bug.
 */

/** Classes of SQLSTATE for connections, resources, shutdown and the system below. */
const passingClasses = new Set(['08', '25', '40', '53', '55', '57', '58'])
const diskFull = '53100'
const lockNotAvailable = '55P03'
const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
/** What `pg` throws without a code when a connection breaks, cannot be had in time or was ended under a query. */
const connectionMessages = [
  /^Connection terminated/,
  /timeout exceeded when trying to connect/,
  /^Client has encountered/,
]

/** The database answers, but nothing may be read from it yet. */
export class DatabaseNotReady extends Error {
  override readonly name = 'DatabaseNotReady'
}

/** Whether the database could not do what it was asked, and the same may succeed later. */
export function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (error instanceof DatabaseNotReady) return true
  if (!(error instanceof Error)) return false
  if ('syscall' in error && 'code' in error) return networkCodes.has(String(error.code))
  const state = sqlState(error)
  if (state !== null) return passingClasses.has(state.slice(0, 2))
  return connectionMessages.some(message => message.test(error.message))
}

export function isDiskFull(error: unknown): boolean {
  return sqlState(error) === diskFull
}

/** Whether running the same transaction again at once may succeed: a deadlock or a lost race. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error)
  return state !== null && (state.startsWith('40') || state === lockNotAvailable)
}

/** The SQLSTATE of what PostgreSQL itself said. */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
