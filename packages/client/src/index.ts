export type { Client, ClientOptions } from './client-api.ts'
export * from './ports.ts'
export { ProblemError } from './problem-error.ts'
export * from './types.ts'
