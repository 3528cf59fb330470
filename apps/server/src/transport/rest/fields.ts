/**
 * Reads what a client of the mail API sent, as generously as the contract says, and gathers everything that is wrong with
 * it: clients rely on the place of each field that is (`detail[].loc`).
 */
import { limits } from '@recado/protocol'
import { type InvalidField, refusals } from './refusals.ts'

interface Lengths {
  readonly from: number
  readonly to: number
}

interface WholeNumbers {
  readonly from: number
  readonly fallback?: number
}

/** The fields of one part of a request: its body, its query or its path. */
export class Fields {
  readonly #part: string
  readonly #values: ReadonlyMap<string, unknown>
  readonly #invalid: InvalidField[] = []

  constructor(part: 'body' | 'query' | 'path', values: ReadonlyMap<string, unknown>) {
    this.#part = part
    this.#values = values
  }

  has(name: string): boolean {
    return this.#values.get(name) !== undefined
  }

  text(name: string, { from, to }: Lengths): string {
    const value = this.#values.get(name)
    if (value === undefined) return this.#refuse(name, 'missing', 'Campo obrigatório', '')
    if (typeof value !== 'string') return this.#refuse(name, 'string_type', 'Deve ser um texto', '')
    const length = [...value].length
    if (length < from) return this.#refuse(name, 'string_too_short', `Deve ter pelo menos ${from} caracteres`, '')
    if (length > to) return this.#refuse(name, 'string_too_long', `Deve ter no máximo ${to} caracteres`, '')
    return value
  }

  /** A number, or text that is one. One too large to be exact is as good as any that nothing has. */
  wholeNumber(name: string, { from, fallback }: WholeNumbers): number {
    const value = this.#values.get(name)
    if (value === undefined) {
      return fallback ?? this.#refuse(name, 'missing', 'Campo obrigatório', 0)
    }
    const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      return this.#refuse(name, 'int_parsing', 'Deve ser um número inteiro', 0)
    }
    if (number < from) return this.#refuse(name, 'greater_than_equal', `Deve ser no mínimo ${from}`, 0)
    return Math.min(number, Number.MAX_SAFE_INTEGER)
  }

  refuse(name: string, message: string): void {
    this.#refuse(name, 'value_error', message, undefined)
  }

  requireNone(): void {
    if (this.#invalid.length > 0) throw refusals.invalid(this.#invalid)
  }

  #refuse<Value>(name: string, type: string, msg: string, value: Value): Value {
    this.#invalid.push({ loc: [this.#part, name], msg, type })
    return value
  }
}

/** Of what was said more than once the last counts. */
export function queryFields(query: unknown): Fields {
  return new Fields('query', queryValues(query))
}

export function queryValues(query: unknown): Map<string, unknown> {
  const entries = typeof query === 'object' && query !== null ? Object.entries(query) : []
  return new Map(entries.map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]))
}

/** The body as JSON. Fields that nobody asked for are ignored. */
export function jsonFields(body: Buffer | undefined, contentType: string | undefined): Fields {
  const whole = (type: string, msg: string) => refusals.invalid([{ loc: ['body'], msg, type }])
  if (contentType !== undefined && !/^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) {
    throw whole('model_attributes_type', 'O corpo deve ser JSON')
  }
  if (body === undefined || body.length === 0) throw whole('missing', 'Corpo obrigatório')
  const value = parseJson(body)
  if (value === undefined) throw whole('json_invalid', 'O corpo não é JSON válido')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw whole('model_attributes_type', 'O corpo deve ser um objeto')
  }
  return new Fields('body', new Map(Object.entries(value)))
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

const formTypes = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i

/** The body as a form, of either kind; nothing where it is no form. Files are no fields. */
export async function formValues(
  body: Buffer | undefined,
  contentType: string | undefined,
): Promise<Map<string, unknown>> {
  if (body === undefined || contentType === undefined || !formTypes.test(contentType)) return new Map()
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
    return new Map([...form].filter(([, value]) => typeof value === 'string' && value !== ''))
  } catch {
    return new Map()
  }
}

export const lengths = {
  username: { from: 1, to: limits.usernameLength },
  password: { from: limits.passwordMinLength, to: limits.passwordMaxLength },
  /** Of an attempt to sign in: whatever it is, it is right or wrong. */
  attempt: { from: 1, to: Number.POSITIVE_INFINITY },
  title: { from: 0, to: limits.subjectLength },
  body: { from: 0, to: limits.mailTextLength },
} as const
