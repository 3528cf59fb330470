/** Who may do what in a conversation: for each attempt its operation, what it asks for, and who is refused how. */
import type { ConversationId, OperationName, ProblemCode } from '@recado/protocol'
import { newKey, type Person } from '@recado/testkit'

export const actors = ['owner', 'admin', 'member', 'former member', 'stranger'] as const
export type Actor = (typeof actors)[number]

export interface Scene {
  readonly group: ConversationId
  readonly direct: ConversationId
  readonly people: Readonly<Record<Actor | 'other' | 'other admin' | 'newcomer', Person>>
  /** A message of the member called `other`, and one of the actor where the actor could write one. */
  readonly message: number
  readonly epoch: string
}

interface Attempt {
  readonly op: OperationName
  data(scene: Scene): object
  /** What each actor is refused with; whoever is not named succeeds. */
  readonly refused: Partial<Record<Actor, ProblemCode>>
}

const outsiders = { 'former member': 'not-found', stranger: 'not-found' } as const
const managers = { ...outsiders, member: 'forbidden' } as const
const owners = { ...managers, admin: 'forbidden' } as const

export const attempts: Record<string, Attempt> = {
  'read the conversation': {
    op: 'conversation.get',
    data: ({ group }) => ({ conversationId: group }),
    refused: outsiders,
  },
  'change their own settings': {
    op: 'membership.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), muted: 'forever' }),
    refused: outsiders,
  },
  'find members': {
    op: 'member.list',
    data: ({ group }) => ({ conversationId: group, query: 'person' }),
    refused: outsiders,
  },
  'describe the group': {
    op: 'conversation.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), description: 'What for' }),
    refused: managers,
  },
  'choose who may mail the group': {
    op: 'conversation.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), mailFrom: 'everyone' }),
    refused: owners,
  },
  'list members': { op: 'member.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read history': { op: 'message.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read versions': {
    op: 'message.versions',
    data: ({ group, message }) => ({ conversationId: group, sequence: message }),
    refused: outsiders,
  },
  'read positions': { op: 'position.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'read the stream': {
    op: 'stream.read',
    data: ({ group, epoch }) => ({
      stream: group,
      cursor: { epoch, sequence: 0, micros: 0 },
    }),
    refused: outsiders,
  },
  'move a position': {
    op: 'position.move',
    data: ({ group, message }) => ({ conversationId: group, read: message }),
    refused: outsiders,
  },
  type: {
    op: 'typing.set',
    data: ({ group }) => ({ conversationId: group, state: 'typing' }),
    refused: outsiders,
  },
  'send a message': {
    op: 'message.send',
    data: ({ group }) => ({ conversationId: group, clientMessageId: newKey(), body: 'hello' }),
    refused: outsiders,
  },
  'quote a message': {
    op: 'message.send',
    data: ({ group, message }) => ({ conversationId: group, clientMessageId: newKey(), body: 're', replyTo: message }),
    refused: outsiders,
  },
  'edit somebody’s message': {
    op: 'message.edit',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), body: 'edited' }),
    refused: { ...outsiders, owner: 'forbidden', admin: 'forbidden', member: 'forbidden' },
  },
  'delete somebody’s message': {
    op: 'message.delete',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: managers,
  },
  react: {
    op: 'message.react',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), emoji: '🎉' }),
    refused: outsiders,
  },
  'take a reaction back': {
    op: 'message.unreact',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey(), emoji: '🎉' }),
    refused: outsiders,
  },
  rename: {
    op: 'conversation.update',
    data: ({ group }) => ({ conversationId: group, key: newKey(), name: 'Renamed' }),
    refused: managers,
  },
  'forward a message': {
    op: 'message.forward',
    data: ({ group, message }) => ({
      conversationId: group,
      clientMessageId: newKey(),
      from: { conversationId: group, sequence: message },
    }),
    refused: outsiders,
  },
  'pin a message': {
    op: 'message.pin',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: managers,
  },
  'take a pin off': {
    op: 'message.unpin',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: managers,
  },
  'list pins': { op: 'pin.list', data: ({ group }) => ({ conversationId: group }), refused: outsiders },
  'save a message': {
    op: 'message.save',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: outsiders,
  },
  'take a message from the saved ones': {
    op: 'message.unsave',
    data: ({ group, message }) => ({ conversationId: group, sequence: message, key: newKey() }),
    refused: outsiders,
  },
  'add somebody': {
    op: 'member.add',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountIds: [people.newcomer.id] }),
    refused: managers,
  },
  'add oneself': {
    op: 'member.add',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountIds: [people.stranger.id] }),
    refused: managers,
  },
  'remove a member': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.other.id }),
    refused: managers,
  },
  'remove an admin': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people['other admin'].id }),
    refused: owners,
  },
  'remove the owner': {
    op: 'member.remove',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.owner.id }),
    refused: { ...owners, owner: 'forbidden' },
  },
  'make somebody an admin': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.other.id, role: 'admin' }),
    refused: owners,
  },
  'make an admin the owner': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.admin.id, role: 'owner' }),
    refused: owners,
  },
  'take the last owner’s role': {
    op: 'member.setRole',
    data: ({ group, people }) => ({ conversationId: group, key: newKey(), accountId: people.owner.id, role: 'member' }),
    refused: { ...owners, owner: 'forbidden' },
  },
  leave: {
    op: 'conversation.leave',
    data: ({ group }) => ({ conversationId: group, key: newKey() }),
    refused: outsiders,
  },
  'read a direct conversation of others': {
    op: 'message.list',
    data: ({ direct }) => ({ conversationId: direct }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
  'send to a direct conversation of others': {
    op: 'message.send',
    data: ({ direct }) => ({ conversationId: direct, clientMessageId: newKey(), body: 'let me in' }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
  'watch the stream of another account': {
    op: 'stream.read',
    data: ({ people, epoch }) => ({
      stream: people.other.id,
      cursor: { epoch, sequence: 0, micros: 0 },
    }),
    refused: { owner: 'not-found', admin: 'not-found', member: 'not-found', ...outsiders },
  },
}
