import type { Logger } from 'pino'

/** What the store needs of the process's logger. Statements, their parameters and rows are never passed to it. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>
