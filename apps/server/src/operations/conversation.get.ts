import { requireConversation } from '../access/conversations.ts'
import { handle } from './handler.ts'

export const conversationGet = handle('conversation.get', async (context, { conversationId }, { accountId }) =>
  requireConversation(context.store, conversationId, accountId),
)
