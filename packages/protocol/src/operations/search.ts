import { Type } from 'typebox'
import { limits } from '../limits.ts'
import { conversationId, input, nullable, text } from '../schema.ts'
import { foundGroup } from '../search.ts'
import { operation } from './define.ts'

export const searchOperations = {
  'search.find': operation({
    summary:
      'Search the messages and mails that you may see, newest first: words from their beginning, "phrases", and from: to: in: has:attachment|image|link is:unread|starred before: after:. Without case and accents; what was written a moment ago may not be there yet.',
    effect: 'read',
    input: input({
      query: text(limits.searchLength),
      /** Only in this conversation. */
      conversationId: Type.Optional(conversationId),
      next: Type.Optional(Type.String({ maxLength: 16, pattern: '^\\d+$' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.foundPerPage })),
    }),
    output: Type.Object({
      items: Type.Array(foundGroup),
      next: nullable(Type.String()),
      /** Operators that name nobody and nothing: with one of them nothing is found. */
      unknown: Type.Array(Type.String()),
    }),
  }),
}
