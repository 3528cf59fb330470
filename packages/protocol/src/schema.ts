import { type TSchema, Type } from 'typebox'
import type { AccountId, ConversationId, MailId, MediaId, MessageId, SessionId, StreamId } from './ids.ts'
import { limits } from './limits.ts'

/**
 * Neither NUL nor a lone surrogate: PostgreSQL stores neither, and a hash takes all lone surrogates for one. The contract
 * refuses both in whatever a caller says, before a batch sees them.
 */
const storable = '^[^\\u0000\\uD800-\\uDFFF]*$'

const integerId = { minimum: 1, maximum: Number.MAX_SAFE_INTEGER }

export const accountId = Type.Unsafe<AccountId>(Type.Integer(integerId))
export const conversationId = Type.Unsafe<ConversationId>(Type.Integer(integerId))
export const messageId = Type.Unsafe<MessageId>(Type.Integer(integerId))
export const mailId = Type.Unsafe<MailId>(Type.Integer(integerId))
export const sessionId = Type.Unsafe<SessionId>(Type.Integer(integerId))
export const mediaId = Type.Unsafe<MediaId>(Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }))
export const streamId = Type.Unsafe<StreamId>(Type.Integer(integerId))
export const sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
export const time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC, milliseconds' })

export function text(maxLength: number, minLength = 0) {
  return Type.String({ minLength, maxLength, pattern: storable })
}

export const key = Type.String({
  minLength: 1,
  maxLength: limits.keyLength,
  pattern: '^[\\x21-\\x7e]+$',
  description: "The caller's key: repeating a request with the same key is harmless (L3)",
})

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/** A strict object: a field that the contract does not know is refused, not ignored. */
export function input<Properties extends Record<string, TSchema>>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false })
}

export function page<Item extends TSchema>(item: Item) {
  return Type.Object({ items: Type.Array(item), next: nullable(Type.String()) })
}

export const pageRequest = {
  next: Type.Optional(Type.String({ maxLength: 200, pattern: '^[\\x21-\\x7e]*$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSize })),
}

export type { TSchema }
