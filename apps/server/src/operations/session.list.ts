import { handle } from './handler.ts'

export const sessionList = handle('session.list', async (context, _input, caller) => {
  return { items: [...(await context.store.accounts.listSessions(caller.accountId, caller.sessionId))], next: null }
})
