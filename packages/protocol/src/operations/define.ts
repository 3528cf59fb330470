import type { TSchema } from 'typebox'
import type { ProblemCode } from '../problems.ts'

/** Who may call: anybody, or only a signed-in session. */
export type OperationAccess = 'public' | 'session'

/** Where it can be called: `socket` operations concern the connection itself and make no sense over HTTP. */
export type OperationTransport = 'any' | 'http' | 'socket'

export interface OperationDefinition<Input extends TSchema = TSchema, Output extends TSchema = TSchema> {
  readonly summary: string
  readonly access: OperationAccess
  readonly transport: OperationTransport
  /** Whether it appends to the log or moves a register; a read never does. */
  readonly effect: 'read' | 'write'
  readonly input: Input
  readonly output: Output
  /** The problems it raises beside those of every request (`commonProblems`). */
  readonly problems: readonly ProblemCode[]
}

/** What any request may be refused with, whatever the operation. */
export const commonProblems = [
  'invalid-input',
  'too-large',
  'busy',
  'unavailable',
  'internal',
] as const satisfies readonly ProblemCode[]

/** Problems of every operation that needs a session. */
export const sessionProblems = [
  'unauthenticated',
  'token-expired',
  'session-ended',
] as const satisfies readonly ProblemCode[]

/** Problems of every operation that writes. */
export const writeProblems = ['storage-full'] as const satisfies readonly ProblemCode[]

export function operation<Input extends TSchema, Output extends TSchema>(
  definition: Omit<OperationDefinition<Input, Output>, 'transport' | 'access' | 'problems'> &
    Partial<Pick<OperationDefinition, 'transport' | 'access' | 'problems'>>,
): OperationDefinition<Input, Output> {
  return { transport: 'any', access: 'session', problems: [], ...definition }
}
