/**
 * The way from a transport to an operation, the same for all of them: validate, run, and turn whatever goes wrong into
 * a refusal. A problem passes as it is; a database that is away becomes `unavailable`; everything else is a bug, which
 * is logged with its cause under a number that the caller gets too, and of which the caller learns nothing else.
 */
import { randomUUID } from 'node:crypto'
import {
  commonProblems,
  createProblem,
  type OperationName,
  operations,
  type Problem,
  type ProblemCode,
  sessionProblems,
  writeProblems,
} from '@recado/protocol'
import type { Context } from '../context.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import type { Caller, Visitor } from '../operations/handler.ts'
import type { Handlers } from '../operations/registry.ts'
import { isOutage } from '../outage.ts'
import { Refusal, refuse } from '../problem.ts'
import { requireInput } from './validate.ts'

/** Runs one operation: its result, or a `Refusal`. */
export type Dispatch = (name: OperationName, data: unknown, caller: Caller | Visitor) => Promise<unknown>

interface DispatchOptions {
  readonly context: Context
  readonly handlers: Handlers
  readonly metrics: Pick<Metrics, 'operationEnded'>
}

/** A handler as the dispatcher calls it: which input and caller belong to which name is checked when it runs. */
type AnyRun = (context: Context, input: unknown, caller: Caller | Visitor) => Promise<unknown>

export function createDispatch({ context, handlers, metrics }: DispatchOptions): Dispatch {
  return async (name, data, caller) => {
    const startedAt = performance.now()
    let outcome: 'ok' | ProblemCode = 'ok'
    try {
      if (operations[name].access === 'session' && !('sessionId' in caller)) refuse('unauthenticated')
      return await (handlers[name].run as AnyRun)(context, requireInput(name, data), caller)
    } catch (error) {
      const refusal = toRefusal(error, name, context.logger)
      outcome = refusal.problem.code
      throw refusal
    } finally {
      metrics.operationEnded(name, outcome, (performance.now() - startedAt) / 1000)
    }
  }
}

/** What a caller is told when `operation`, or what led to it, threw. */
export function toRefusal(error: unknown, operation: string, logger: Logger): Refusal {
  if (error instanceof Refusal) {
    if (!isDeclared(operation, error.problem.code)) {
      logger.error({ operation, code: error.problem.code }, 'an operation refused with a problem it does not declare')
    }
    return error
  }
  if (isOutage(error)) {
    logger.warn({ operation, err: error }, 'the database did not answer an operation')
    return new Refusal('unavailable', {}, { cause: error })
  }
  return internalRefusal(error, operation, logger)
}

function internalRefusal(error: unknown, operation: string, logger: Logger): Refusal {
  const instance = `urn:uuid:${randomUUID()}`
  logger.error({ operation, instance, err: error }, 'an operation failed')
  return new IncidentRefusal(instance, error)
}

/** `internal` with the number under which the cause was logged. */
class IncidentRefusal extends Refusal {
  override readonly problem: Problem

  constructor(instance: string, cause: unknown) {
    super('internal', {}, { cause })
    this.problem = { ...createProblem('internal'), instance }
  }
}

const declared = new Map<string, ReadonlySet<ProblemCode>>(
  Object.entries(operations).map(([name, { access, effect, problems }]) => [
    name,
    new Set<ProblemCode>([
      ...commonProblems,
      ...(access === 'session' ? sessionProblems : []),
      ...(effect === 'write' ? writeProblems : []),
      ...problems,
      'unknown-operation',
    ]),
  ]),
)

function isDeclared(operation: string, code: ProblemCode): boolean {
  return declared.get(operation)?.has(code) ?? true
}
