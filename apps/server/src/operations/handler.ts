/**
 * The form of an operation: its name on the wire and one function. Transports decode, authenticate and validate before
 * it runs and encode what it answers; a refusal is thrown as `Refusal` and must be one the contract declares.
 */
import type { AccountId, OperationInput, OperationName, OperationOutput, Operations, SessionId } from '@recado/protocol'
import type { Context } from '../context.ts'
import type { Connection } from '../gateway/connection.ts'

/** Who asks, where anybody may. */
export interface Visitor {
  /** The address that limits are counted by. */
  readonly address: string
  /** The live connection the request came by; null over HTTP. */
  readonly connection: Connection | null
}

/** Who asks, where the contract demands a session. */
export interface Caller extends Visitor {
  readonly accountId: AccountId
  readonly sessionId: SessionId
}

export type CallerOf<Name extends OperationName> = Operations[Name]['access'] extends 'public' ? Visitor : Caller

export interface OperationHandler<Name extends OperationName> {
  readonly name: Name
  run(context: Context, input: OperationInput<Name>, caller: CallerOf<Name>): Promise<OperationOutput<Name>>
}

export function handle<Name extends OperationName>(
  name: Name,
  run: OperationHandler<Name>['run'],
): OperationHandler<Name> {
  return { name, run }
}
