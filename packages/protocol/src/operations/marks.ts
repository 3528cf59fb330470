import { Type } from 'typebox'
import { pinnedMessage, savedMessage } from '../entities.ts'
import { conversationId, input, key, page, pageRequest, sequence } from '../schema.ts'
import { operation } from './define.ts'

const onMessage = input({ conversationId, sequence, key })
/** The sequence of the event that the change appended; the first one's on a retry. Null when nothing had to change. */
const appended = Type.Object({ sequence: Type.Union([sequence, Type.Null()]) })

export const markOperations = {
  'message.pin': operation({
    summary:
      'Pin a message for everybody in the conversation: either person of a direct one, owner or admin of a group.',
    effect: 'write',
    input: onMessage,
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused', 'message-deleted', 'limit-reached'],
  }),
  'message.unpin': operation({
    summary: 'Take a pin off; whoever may pin may do so. Deleting a message takes its pin off as well.',
    effect: 'write',
    input: onMessage,
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused'],
  }),
  'pin.list': operation({
    summary: 'List the pinned messages of a conversation that you may see, newest pin first.',
    effect: 'read',
    input: input({ conversationId, ...pageRequest }),
    output: page(pinnedMessage),
    problems: ['not-found'],
  }),
  'message.save': operation({
    summary: 'Save a message for yourself; nobody else learns of it. The event is in your own stream.',
    effect: 'write',
    input: onMessage,
    output: appended,
    problems: ['not-found', 'key-reused', 'message-deleted', 'limit-reached'],
  }),
  'message.unsave': operation({
    summary: 'Take a message from your saved ones, also one that you may not see any more.',
    effect: 'write',
    input: onMessage,
    output: appended,
    problems: ['not-found', 'key-reused'],
  }),
  'save.list': operation({
    summary: 'List your saved messages, last saved first. What you may not see any more comes without its message.',
    effect: 'read',
    input: input(pageRequest),
    output: page(savedMessage),
  }),
}
