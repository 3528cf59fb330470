import { requireMembership } from '../access/membership.ts'
import { handle } from './handler.ts'

export const positionWatch = handle('position.watch', async (context, { conversationId }, caller) => {
  if (conversationId !== null) await requireMembership(context.store, conversationId, caller.accountId)
  if (caller.connection !== null) caller.connection.watched = conversationId
  return {}
})
