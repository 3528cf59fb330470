/** Tells a database that is away, restarting or overloaded from a statement that is wrong: the first passes, the second is a bug. */

/** Classes of SQLSTATE for connections, resources, shutdown and the system below. */
const passingClasses = new Set(['08', '25', '40', '53', '55', '57', '58'])
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

export function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (!(error instanceof Error)) return false
  if ('syscall' in error && 'code' in error) return networkCodes.has(String(error.code))
  if ('severity' in error && 'code' in error) return passingClasses.has(String(error.code).slice(0, 2))
  return connectionMessages.some(message => message.test(error.message))
}
