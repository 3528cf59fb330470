import { Type } from 'typebox'
import { conversation, member, ownSettings, role } from '../entities.ts'
import { limits } from '../limits.ts'
import { mailFrom } from '../mail.ts'
import { accountId, conversationId, input, key, nullable, page, pageRequest, sequence, text } from '../schema.ts'
import { operation } from './define.ts'

const description = nullable(text(limits.groupDescriptionLength))
const accountIds = Type.Array(accountId, { maxItems: limits.membersPerRequest, uniqueItems: true })
/** The sequence of the event that the change appended; the first one's on a retry. Null when nothing had to change. */
const appended = Type.Object({ sequence: Type.Union([sequence, Type.Null()]) })

export const conversationOperations = {
  'conversation.open': operation({
    summary: 'Open the direct conversation with a person; the same pair always gets the same one.',
    effect: 'write',
    input: input({ accountId }),
    output: conversation,
    problems: ['not-found', 'limit-reached'],
  }),
  'conversation.create': operation({
    summary: 'Create a group with its first members; you become its owner.',
    effect: 'write',
    input: input({
      key,
      name: text(limits.groupNameLength, 1),
      description: Type.Optional(description),
      accountIds,
    }),
    output: conversation,
    problems: ['not-found', 'key-reused', 'limit-reached'],
  }),
  'conversation.update': operation({
    summary:
      'Change the name or the description of a group (owner or admin), or who may mail it (owner). What is left out stays.',
    effect: 'write',
    input: input({
      conversationId,
      key,
      name: Type.Optional(text(limits.groupNameLength, 1)),
      description: Type.Optional(description),
      mailFrom: Type.Optional(mailFrom),
    }),
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused'],
  }),
  'conversation.list': operation({
    summary: 'List your conversations, most recently active first.',
    effect: 'read',
    input: input(pageRequest),
    output: page(conversation),
  }),
  'conversation.get': operation({
    summary: 'Read one of your conversations.',
    effect: 'read',
    input: input({ conversationId }),
    output: conversation,
    problems: ['not-found'],
  }),
  'conversation.leave': operation({
    summary: 'Leave a group. The last owner hands over to the longest-serving admin, else member.',
    effect: 'write',
    input: input({ conversationId, key }),
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused'],
  }),
  'membership.update': operation({
    summary:
      'Change your own settings of a conversation: its place among the pinned, mute, archive, mark as unread. Nobody else sees them. What is left out stays.',
    effect: 'write',
    input: input({
      conversationId,
      key,
      pinned: Type.Optional(ownSettings.properties.pinned),
      muted: Type.Optional(ownSettings.properties.muted),
      /** Up to which ordinal: what one has not been shown yet brings it back. */
      archived: Type.Optional(ownSettings.properties.archived),
      /** How far one has read, as far as this device knows. */
      markedUnread: Type.Optional(ownSettings.properties.markedUnread),
    }),
    output: appended,
    problems: ['not-found', 'key-reused', 'limit-reached'],
  }),
  'member.list': operation({
    summary:
      'List the members of a conversation, owners and admins first; with `query`, those found by it as people are.',
    effect: 'read',
    input: input({ conversationId, query: Type.Optional(text(100)), ...pageRequest }),
    output: page(member),
    problems: ['not-found'],
  }),
  'member.add': operation({
    summary: 'Add people to a group (owner or admin). `history` decides whether they see what was written before.',
    effect: 'write',
    input: input({
      conversationId,
      key,
      accountIds,
      history: Type.Optional(Type.Union([Type.Literal('all'), Type.Literal('from-now')])),
    }),
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused', 'limit-reached'],
  }),
  'member.remove': operation({
    summary: 'Remove a person from a group (owner; an admin may remove members).',
    effect: 'write',
    input: input({ conversationId, key, accountId }),
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused'],
  }),
  'member.setRole': operation({
    summary: "Change a member's role (owner).",
    effect: 'write',
    input: input({ conversationId, key, accountId, role }),
    output: appended,
    problems: ['not-found', 'forbidden', 'key-reused'],
  }),
}
