import { requireMembership } from '../access/membership.ts'
import { handle } from './handler.ts'

export const typingSet = handle('typing.set', async (context, { conversationId, state }, caller) => {
  const { connection, accountId } = caller
  if (connection === null || !context.gateway.isMember(conversationId, connection)) {
    await requireMembership(context.store, conversationId, accountId)
  }
  context.gateway.typing.set(conversationId, accountId, state)
  return {}
})
