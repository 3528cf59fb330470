/** Holds whatever a server says to the contract: a result or frame of another form than it promises is an error. */
import { type OperationName, operations, type PushFrame, serverFrames } from '@recado/protocol'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

const validators = new Map<string, Validator>()

function validatorOf(name: string, schema: TSchema): Validator {
  const known = validators.get(name)
  if (known !== undefined) return known
  const compiled: Validator = Compile(schema)
  validators.set(name, compiled)
  return compiled
}

export function requireOutput(op: OperationName, result: unknown): void {
  require(`the result of ${op}`, validatorOf(op, operations[op].output), result)
}

export function requireFrame(frame: PushFrame): void {
  const schema = serverFrames[frame.type]
  if (schema === undefined) throw new Error(`no frame of the contract: ${JSON.stringify(frame)}`)
  require(`a ${frame.type} frame`, validatorOf(`frame ${frame.type}`, schema), frame)
}

function require(what: string, validator: Validator, value: unknown): void {
  if (validator.Check(value)) return
  const errors = JSON.stringify(validator.Errors(value).slice(0, 3))
  throw new Error(`${what} breaks the contract: ${errors} in ${JSON.stringify(value).slice(0, 1_000)}`)
}
