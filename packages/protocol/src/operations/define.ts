import type { TSchema } from 'typebox'
import type { ProblemCode } from '../problems.ts'

/** Who may call: anybody, or only a signed-in session. */
export type OperationAccess = 'public' | 'session'

/** Where it can be called: `socket` operations concern the connection itself and make no sense over HTTP. */
export type OperationTransport = 'any' | 'http' | 'socket'

export interface OperationDefinition<
  Input extends TSchema = TSchema,
  Output extends TSchema = TSchema,
  Access extends OperationAccess = OperationAccess,
> {
  readonly summary: string
  readonly access: Access
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

type Definition<Input extends TSchema, Output extends TSchema> = Pick<
  OperationDefinition<Input, Output>,
  'summary' | 'effect' | 'input' | 'output'
> &
  Partial<Pick<OperationDefinition, 'transport' | 'problems'>>

/** An operation of a signed-in session. */
export function operation<Input extends TSchema, Output extends TSchema>(
  definition: Definition<Input, Output>,
): OperationDefinition<Input, Output, 'session'> {
  return { transport: 'any', problems: [], access: 'session', ...definition }
}

/** An operation that anybody may call. */
export function publicOperation<Input extends TSchema, Output extends TSchema>(
  definition: Definition<Input, Output>,
): OperationDefinition<Input, Output, 'public'> {
  return { transport: 'any', problems: [], access: 'public', ...definition }
}
