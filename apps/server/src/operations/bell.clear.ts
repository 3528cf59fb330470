import { handle } from './handler.ts'

export const bellClear = handle('bell.clear', async (context, { conversationId }, { accountId }) => {
  await context.log.transact(transaction => transaction.bell.clear(accountId, conversationId))
  return {}
})
