/** Schemas as people read them: a type in a line, its bounds in words. */
import * as protocol from '@recado/protocol'
import type { TSchema } from 'typebox'

/** What of JSON Schema the contract uses. */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly format?: string
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** The shapes that have a name of their own: wherever one occurs, its name stands for it. */
export const namedSchemas: ReadonlyMap<string, TSchema> = new Map<string, TSchema>([
  ['Account', protocol.account],
  ['BellItem', protocol.bellItem],
  ['Conversation', protocol.conversation],
  ['Cursor', protocol.cursor],
  ['Grant', protocol.grant],
  ['Head', protocol.head],
  ['Member', protocol.member],
  ['MemberPosition', protocol.memberPosition],
  ['Message', protocol.message],
  ['MessageVersion', protocol.messageVersion],
  ['OwnMembership', protocol.ownMembership],
  ['Person', protocol.person],
  ['Presence', protocol.presence],
  ['Reaction', protocol.reaction],
  ['Session', protocol.session],
  ['StreamEvent', protocol.streamEvent],
  ['StreamHead', protocol.streamHead],
])

const names = new Map([...namedSchemas].map(([name, schema]) => [JSON.stringify(schema), name]))

/** The name of a shape; undefined for those without. */
export function nameOf(schema: JsonSchema): string | undefined {
  return names.get(JSON.stringify(schema))
}

/** A schema as plain JSON, free of what the schema library hangs on it. */
export function toJsonSchema(schema: TSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema))
}

/** Its type in the manner of TypeScript, `Message | null`. */
export function formatType(schema: JsonSchema): string {
  return nameOf(schema) ?? formatShape(schema)
}

/** The same, with the outermost name spelled out. */
export function formatShape(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(formatType).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') return formatArray(formatType(schema.items ?? {}))
  if (schema.type === 'object') return formatObject(schema)
  if (schema.format === 'date-time') return 'time'
  return schema.type ?? 'anything'
}

function formatArray(item: string): string {
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function formatObject(schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const mark = schema.required?.includes(name) ? '' : '?'
    return `${name}${mark}: ${formatType(field)}`
  })
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

/** What its type does not say: lengths and ranges, but those that every id has. */
export function formatBounds(schema: JsonSchema): string {
  const { minLength = 0, maxLength, minItems = 0, maxItems, minimum, maximum } = schema
  const bounds: string[] = []
  if (maxLength !== undefined) bounds.push(`${formatRange(minLength, maxLength)} characters`)
  if (maxItems !== undefined) bounds.push(`${formatRange(minItems, maxItems)} items`)
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) bounds.push(formatRange(minimum ?? 0, maximum))
  return bounds.join(', ')
}

function formatRange(from: number, to: number): string {
  return from === 0 ? `at most ${formatNumber(to)}` : `${formatNumber(from)} to ${formatNumber(to)}`
}

export function formatNumber(value: number): string {
  return value.toLocaleString('en-US')
}
