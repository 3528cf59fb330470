/** The contract arranged for reading: what the HTML and the Markdown pages both show. */
import {
  closeCodes,
  commonProblems,
  createProblem,
  eventData,
  limits,
  type OperationDefinition,
  type OperationName,
  operationNames,
  operations,
  type Problem,
  type ProblemCode,
  problems,
  requestFrame,
  serverFrames,
  sessionProblems,
  shouldReconnect,
  writeProblems,
} from '@recado/protocol'
import { eventDescriptions, frameDescriptions, limitDescriptions } from './descriptions.ts'
import { type Example, examples } from './examples.ts'
import { formatBounds, formatShape, formatType, type JsonSchema, namedSchemas, toJsonSchema } from './notation.ts'

export interface Field {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly bounds: string
}

export interface OperationReference {
  readonly name: OperationName
  readonly summary: string
  readonly access: OperationDefinition['access']
  readonly transport: OperationDefinition['transport']
  readonly effect: OperationDefinition['effect']
  readonly input: readonly Field[]
  readonly output: string
  readonly problems: readonly ProblemCode[]
  readonly example: Example
}

export interface Reference {
  readonly operations: readonly OperationReference[]
  readonly types: readonly { readonly name: string; readonly shape: string }[]
  readonly requestFrame: string
  readonly frames: readonly Described[]
  readonly events: readonly Described[]
  readonly problems: readonly Problem[]
  readonly closeCodes: readonly { readonly code: number; readonly reason: string; readonly comeBack: boolean }[]
  readonly limits: readonly { readonly name: string; readonly value: number; readonly description: string }[]
}

interface Described {
  readonly name: string
  readonly shape: string
  readonly description: string
}

export function createReference(): Reference {
  return {
    operations: operationNames.map(describeOperation),
    types: [...namedSchemas].map(([name, schema]) => ({ name, shape: shapeOf(name, toJsonSchema(schema)) })),
    requestFrame: formatShape(toJsonSchema(requestFrame)),
    frames: namesOf(serverFrames).map(name => ({
      name,
      shape: formatShape(toJsonSchema(serverFrames[name])),
      description: frameDescriptions[name],
    })),
    events: namesOf(eventData).map(name => ({
      name,
      shape: formatShape(toJsonSchema(eventData[name])),
      description: eventDescriptions[name],
    })),
    problems: namesOf(problems).map(code => createProblem(code)),
    closeCodes: Object.values(closeCodes).map(({ code, reason }) => ({
      code,
      reason,
      comeBack: shouldReconnect(code),
    })),
    limits: namesOf(limits).map(name => ({ name, value: limits[name], description: limitDescriptions[name] })),
  }
}

/** The problems of an operation that the contract does not give to every one. */
export function allProblems(name: OperationName): readonly ProblemCode[] {
  const definition: OperationDefinition = operations[name]
  return [
    ...definition.problems,
    ...(definition.access === 'session' ? sessionProblems : []),
    ...(definition.effect === 'write' ? writeProblems : []),
    ...commonProblems,
  ].filter((code, index, codes) => codes.indexOf(code) === index)
}

function describeOperation(name: OperationName): OperationReference {
  const { summary, access, transport, effect, input, output, problems: own } = operations[name] as OperationDefinition
  return {
    name,
    summary,
    access,
    transport,
    effect,
    input: listFields(toJsonSchema(input)),
    output: formatType(toJsonSchema(output)),
    problems: own,
    example: examples[name],
  }
}

function listFields(schema: JsonSchema): readonly Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    type: formatType(field),
    isRequired: schema.required?.includes(name) ?? false,
    bounds: [formatBounds(field), field.description ?? ''].filter(text => text !== '').join('. '),
  }))
}

/** All events in one line would be a page long; their data has a table of its own. */
function shapeOf(name: string, schema: JsonSchema): string {
  if (name !== 'StreamEvent') return formatShape(schema)
  return '{ sequence: integer, micros: integer, kind: string, actorId: integer | null, data: by kind }'
}

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(record) as Name[]
}
