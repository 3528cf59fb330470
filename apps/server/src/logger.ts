/**
 * Structured logs, one JSON object a line. Neither the text of messages nor anything that opens a session reaches them:
 * what is logged is named field by field, errors lose all but what says where and why, and well-known secret fields are
 * blanked in case somebody passes one on anyway.
 */
import { type DestinationStream, pino } from 'pino'

export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const secretFields = [
  'accessToken',
  'authorization',
  'body',
  'cookie',
  'data',
  'input',
  'password',
  'passwordHash',
  'refreshToken',
  'token',
]
/** A chain of causes may be a circle. */
const maxCauses = 5

export function createLogger(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: secretFields.flatMap(field => [field, `*.${field}`]), censor: '[redacted]' },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  )
}

interface ErrorDescription {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: ErrorDescription
}

/** PostgreSQL's errors carry the row they stumbled over in `detail` and `where`: only what is named here is kept. */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something that is no Error was thrown' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const stack = error.stack === undefined ? {} : { stack: error.stack }
  const cause = error.cause === undefined || depth >= maxCauses ? {} : { cause: describeError(error.cause, depth + 1) }
  return { type: error.name, message: error.message, ...code, ...stack, ...cause }
}
