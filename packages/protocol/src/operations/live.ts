import { Type } from 'typebox'
import { bellItem, presence } from '../entities.ts'
import { limits } from '../limits.ts'
import { accountId, conversationId, input, nullable, pageRequest, position } from '../schema.ts'
import { operation } from './define.ts'

export const liveOperations = {
  'position.watch': operation({
    summary:
      'Replace the set of conversations of which this connection receives everybody’s positions also above 100 members.',
    transport: 'socket',
    effect: 'read',
    input: input({
      conversationIds: Type.Array(conversationId, { maxItems: limits.positionWatches, uniqueItems: true }),
    }),
    output: Type.Object({}),
  }),
  'bell.list': operation({
    summary:
      'Read the lines of your bell that changed above a version; without one, the newest of those not cleared. Newest first.',
    effect: 'read',
    input: input({ above: Type.Optional(position), next: pageRequest.next }),
    output: Type.Object({ items: Type.Array(bellItem), version: position, next: nullable(Type.String()) }),
  }),
  'bell.clear': operation({
    summary: 'Clear the bell of one conversation, or of all.',
    effect: 'write',
    input: input({ conversationId: nullable(conversationId) }),
    output: Type.Object({}),
  }),
  'presence.subscribe': operation({
    summary: 'Replace the set of people whose presence this connection receives; answers with their state now.',
    transport: 'socket',
    effect: 'read',
    input: input({
      accountIds: Type.Array(accountId, { maxItems: limits.presenceSubscriptions, uniqueItems: true }),
    }),
    output: Type.Object({ items: Type.Array(presence) }),
  }),
  'presence.get': operation({
    summary: 'Read the presence of people, once.',
    effect: 'read',
    input: input({ accountIds: Type.Array(accountId, { maxItems: limits.pageSize, uniqueItems: true }) }),
    output: Type.Object({ items: Type.Array(presence) }),
  }),
  'presence.set': operation({
    summary: 'Tell whether the person at this connection is here or away.',
    transport: 'socket',
    effect: 'read',
    input: input({ state: Type.Union([Type.Literal('online'), Type.Literal('away')]) }),
    output: Type.Object({}),
  }),
  'typing.set': operation({
    summary: 'Tell that you are typing, or that you stopped. Expires by itself; carries no text.',
    effect: 'read',
    input: input({ conversationId, state: Type.Union([Type.Literal('typing'), Type.Literal('idle')]) }),
    output: Type.Object({}),
    problems: ['not-found'],
  }),
}
