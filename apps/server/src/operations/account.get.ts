import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const accountGet = handle('account.get', async (context, _input, caller) => {
  return (await context.store.accounts.findAccount(caller.accountId)) ?? refuse('unauthenticated')
})
