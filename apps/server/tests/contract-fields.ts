/**
 * The fields of every operation's input, read from the contract, so that tests which go through all of them cover a new
 * operation by themselves. An id here is whatever the contract bounds as one; what stands for it in a request that one
 * may make is told by its name, and a name that is not known is an error.
 */
import { type OperationName, operations } from '@recado/protocol'
import { examples } from '../src/transport/http/documentation/examples.ts'

type Path = readonly (string | number)[]

/** As much of JSON Schema as inputs are written in. */
interface Schema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

export interface Field {
  readonly op: OperationName
  readonly path: Path
  /** What the field names by an id; null for every other field. */
  readonly names: IdName | null
}

/** What a request stands on: ids that its sender may use, and the sender's token. */
export type Ground = Readonly<Record<IdName, number>> & { readonly token: string }
export type IdName = 'conversation' | 'account' | 'sequence' | 'session' | 'mail'

const groundOf: Readonly<Record<string, IdName>> = {
  conversationId: 'conversation',
  conversationIds: 'conversation',
  stream: 'conversation',
  accountId: 'account',
  accountIds: 'account',
  mentions: 'account',
  sequence: 'sequence',
  replyTo: 'sequence',
  before: 'sequence',
  after: 'sequence',
  around: 'sequence',
  sessionId: 'session',
  mailId: 'mail',
  mailIds: 'mail',
  threadId: 'mail',
  inReplyTo: 'mail',
  forwardOf: 'mail',
}

export function fieldsOf(op: OperationName): Field[] {
  return walk(operations[op].input as Schema, []).map(({ path, schema }) => {
    if (!isId(schema)) return { op, path, names: null }
    const known = groundOf[nameOf(path)]
    if (known === undefined) throw new Error(`say what ${nameOf(path)} of ${op} names (contract-fields.ts)`)
    return { op, path, names: known }
  })
}

/** The objects of an input: the root and what is nested in it. */
export function objectsOf(op: OperationName): Path[] {
  const within = (schema: Schema, path: Path): Path[] => {
    const inner = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => within(child, [...path, name]))
    return schema.type === 'object' ? [path, ...inner] : inner
  }
  return within(operations[op].input as Schema, [])
}

/** A request that is in order, as text, with `raw` in the place of this field. */
export function requestText({ op, path }: Pick<Field, 'op' | 'path'>, ground: Ground, raw: string): string {
  const mark = 'the field in question'
  return JSON.stringify(put(groundedInput(op, ground), path, mark)).replace(JSON.stringify(mark), () => raw)
}

/** The documented example, standing on ids that are there, under keys of its own. */
export function groundedInput(op: OperationName, ground: Ground): object {
  let input: unknown = examples[op].input
  for (const { path, names } of fieldsOf(op)) {
    if (read(input, path) === undefined) continue
    const name = nameOf(path)
    if (name === 'key' || name === 'clientMessageId') input = put(input, path, crypto.randomUUID())
    else if (name === 'token') input = put(input, path, ground.token)
    else if (names !== null) input = put(input, path, ground[names])
  }
  return input as object
}

function walk(schema: Schema, path: Path): { path: Path; schema: Schema }[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, child]) => walk(child, [...path, name]))
  }
  if (schema.items !== undefined) return walk(schema.items, [...path, 0])
  const objects = (schema.anyOf ?? []).filter(option => option.properties !== undefined)
  if (objects.length > 0) return objects.flatMap(option => walk(option, path))
  const [first] = schema.anyOf ?? []
  return first === undefined ? [{ path, schema }] : walk(first, path)
}

/** The name that a path ends in; an item has its list's. */
function nameOf(path: Path): string {
  return String(path.findLast(part => typeof part === 'string'))
}

function isId({ type, minimum, maximum }: Schema): boolean {
  return type === 'integer' && minimum === 1 && maximum === Number.MAX_SAFE_INTEGER
}

function read(value: unknown, [first, ...rest]: Path): unknown {
  if (first === undefined || typeof value !== 'object' || value === null) return first === undefined ? value : undefined
  return read((value as Record<string | number, unknown>)[first], rest)
}

function put(value: unknown, [first, ...rest]: Path, leaf: unknown): unknown {
  if (first === undefined) return leaf
  if (typeof first === 'number') return [put(undefined, rest, leaf)]
  const before = (value ?? {}) as Record<string, unknown>
  return { ...before, [first]: put(before[first], rest, leaf) }
}
