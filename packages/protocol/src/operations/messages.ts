import { Type } from 'typebox'
import { cursor, head, memberPosition, message, messageVersion } from '../entities.ts'
import { streamEvent } from '../events.ts'
import { limits } from '../limits.ts'
import {
  accountId,
  conversationId,
  input,
  key,
  mediaId,
  messageId,
  pageRequest,
  position,
  sequence,
  streamId,
  text,
  time,
} from '../schema.ts'
import { operation } from './define.ts'

const body = text(limits.bodyLength, 1)
const mentions = Type.Optional(Type.Array(accountId, { maxItems: limits.mentionsPerMessage, uniqueItems: true }))
/** Files that you uploaded and that are ready. */
const attachments = Type.Optional(
  Type.Array(mediaId, { minItems: 1, maxItems: limits.attachmentsPerMessage, uniqueItems: true }),
)
const emoji = text(limits.emojiLength, 1)
/** Within one history the pages after a cursor are known before they are read, so a reader may ask for two at a time. */
const afterCursor = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Read from behind this sequence, at or after the cursor, which then only says which history is meant.',
})
const sent = Type.Object({ id: messageId, sequence, ordinal: sequence, createdAt: time })
/** Set after a retryable refusal, once all replies are in: this send opens the conversation for this connection again (L3). */
const restart = Type.Optional(Type.Literal(true))
/** The sequence of the appended event and the message's version after it; the first attempt's on a retry. */
const changed = Type.Object({ sequence, version: Type.Integer({ minimum: 1 }) })

export const messageOperations = {
  'message.send': operation({
    summary: 'Send a message. Acknowledged once it is durable; repeating it with the same clientMessageId is harmless.',
    effect: 'write',
    input: input({
      conversationId,
      clientMessageId: key,
      /** Empty only beside attachments. */
      body: text(limits.bodyLength),
      replyTo: Type.Optional(sequence),
      mentions,
      attachments,
      restart,
    }),
    output: sent,
    problems: ['not-found', 'key-reused', 'attachment-unavailable', 'earlier-refused'],
  }),
  'message.forward': operation({
    summary:
      'Copy a message that you may see into a conversation. The server copies its text and files and names its first author; it mentions and answers nobody. Deleting or editing the original does not touch the copy.',
    effect: 'write',
    input: input({
      conversationId,
      clientMessageId: key,
      from: input({ conversationId, sequence }),
      restart,
    }),
    output: sent,
    problems: ['not-found', 'key-reused', 'message-deleted', 'attachment-unavailable', 'earlier-refused'],
  }),
  'message.edit': operation({
    summary: 'Replace the body of your own message; earlier versions are kept.',
    effect: 'write',
    input: input({ conversationId, sequence, key, body, mentions }),
    output: changed,
    problems: ['not-found', 'forbidden', 'key-reused', 'message-deleted'],
  }),
  'message.delete': operation({
    summary: 'Delete a message for everybody: your own, or anyone’s as owner or admin of the group.',
    effect: 'write',
    input: input({ conversationId, sequence, key }),
    output: changed,
    problems: ['not-found', 'forbidden', 'key-reused', 'message-deleted'],
  }),
  'message.react': operation({
    summary: 'Leave a reaction on a message.',
    effect: 'write',
    input: input({ conversationId, sequence, key, emoji }),
    output: changed,
    problems: ['not-found', 'key-reused', 'message-deleted', 'limit-reached'],
  }),
  'message.unreact': operation({
    summary: 'Take a reaction back.',
    effect: 'write',
    input: input({ conversationId, sequence, key, emoji }),
    output: changed,
    problems: ['not-found', 'key-reused', 'message-deleted'],
  }),
  'message.list': operation({
    summary:
      'Read history, oldest first within the page: the newest page, or before, after or around a sequence (exclusive, but for around), or around the first message at or after a time.',
    effect: 'read',
    input: input({
      conversationId,
      before: Type.Optional(sequence),
      after: Type.Optional(position),
      around: Type.Optional(Type.Union([sequence, input({ time })])),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.pageSize })),
    }),
    output: Type.Object({
      items: Type.Array(message),
      /** Whether there is more before the first and after the last item. */
      hasOlder: Type.Boolean(),
      hasNewer: Type.Boolean(),
      /** The conversation's head in the same snapshot: events above it bring the page up to date. */
      head,
      epoch: Type.String(),
    }),
    problems: ['not-found', 'invalid-input'],
  }),
  'message.versions': operation({
    summary: 'Read the versions of a message, oldest first.',
    effect: 'read',
    input: input({ conversationId, sequence }),
    output: Type.Object({ items: Type.Array(messageVersion), next: Type.Null() }),
    problems: ['not-found', 'message-deleted'],
  }),
  'stream.read': operation({
    summary: 'Read the events of a stream after a cursor: your own stream, or a conversation of yours.',
    effect: 'read',
    input: input({
      stream: streamId,
      cursor,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.eventsPageSize })),
      after: Type.Optional(afterCursor),
    }),
    output: Type.Object({ items: Type.Array(streamEvent), head, epoch: Type.String() }),
    problems: ['not-found', 'cursor-gone'],
  }),
  'position.move': operation({
    summary:
      'Tell how far your devices got: `delivered` when a device stored it, `read` when it was on screen. Never moves back.',
    effect: 'write',
    input: input({ conversationId, delivered: Type.Optional(position), read: Type.Optional(position) }),
    output: Type.Object({}),
    problems: ['not-found'],
  }),
  'position.list': operation({
    summary: "Read the members' positions of a conversation that changed above a version.",
    effect: 'read',
    input: input({
      conversationId,
      above: Type.Optional(position),
      next: pageRequest.next,
    }),
    output: Type.Object({
      items: Type.Array(memberPosition),
      version: position,
      next: Type.Union([Type.String(), Type.Null()]),
    }),
    problems: ['not-found'],
  }),
}
