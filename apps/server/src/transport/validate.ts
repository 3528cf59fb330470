/**
 * Whether a request has the form that the contract gives its operation. Nothing behind this sees anything else: no
 * object where a string belongs, no unknown field.
 *
 * Size comes first: looking for duplicates in, and listing the errors of, a long array takes the square of its length,
 * and 60,000 items inside the byte limit would hold the process for seconds.
 */
import { type FieldError, limits, type OperationInput, type OperationName, operations } from '@recado/protocol'
import { Compile, type Validator } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Refusal } from '../problem.ts'

/** Values in one request; the largest that the contract knows names `limits.membersPerRequest` accounts. */
const maxValues = 2_000
const maxErrors = 20

const validators = new Map<OperationName, Validator>()

/** Raises `invalid-input` with a line for each field that is wrong. */
export function requireInput<Name extends OperationName>(name: Name, data: unknown): OperationInput<Name> {
  if (countValues(data, 1) > maxValues) {
    const message = `must hold at most ${maxValues} values, nested at most ${limits.requestDepth} deep`
    throw new Refusal('invalid-input', { errors: [{ path: '', message }] })
  }
  const validator = validatorOf(name)
  if (!validator.Check(data)) throw new Refusal('invalid-input', { errors: listErrors(validator.Errors(data)) })
  return data as OperationInput<Name>
}

/** Compiled on first use: all at once would take a tenth of a second of every start. */
function validatorOf(name: OperationName): Validator {
  const known = validators.get(name)
  if (known !== undefined) return known
  const compiled: Validator = Compile(operations[name].input)
  validators.set(name, compiled)
  return compiled
}

/** How many values there are; more than allowed as soon as it is nested too deep. */
function countValues(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 1
  if (depth > limits.requestDepth) return maxValues + 1
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (items.length > maxValues) return items.length
  let count = 1
  for (const item of items) {
    count += countValues(item, depth + 1)
    if (count > maxValues) break
  }
  return count
}

function listErrors(errors: readonly TLocalizedValidationError[]): readonly FieldError[] {
  const byPath = new Map(errors.flatMap(readError).map(error => [error.path, error]))
  return [...byPath.values()].slice(0, maxErrors)
}

/** Where fields are missing or unknown the validator names the object around them, and unknown ones once more each. */
function readError(error: TLocalizedValidationError): readonly FieldError[] {
  const within = (field: string) => `${error.instancePath}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map(field => ({ path: within(field), message: 'is missing' }))
    case 'additionalProperties':
      return error.params.additionalProperties.map(field => ({ path: within(field), message: 'is unknown' }))
    case 'boolean':
      return [{ path: error.instancePath, message: 'is unknown' }]
    case 'pattern':
      return [{ path: error.instancePath, message: 'holds characters that are not allowed' }]
    default:
      return [{ path: error.instancePath, message: error.message }]
  }
}
