import { requireMembership } from '../access/membership.ts'
import { handle } from './handler.ts'

export const positionMove = handle('position.move', async (context, input, caller) => {
  const { conversationId, delivered = 0, read = 0 } = input
  const { connection, accountId } = caller
  if (connection === null || !context.gateway.isMember(conversationId, connection)) {
    await requireMembership(context.store, conversationId, accountId)
  }
  if (delivered > 0 || read > 0) await context.log.movePositions({ conversationId, accountId, delivered, read })
  return {}
})
