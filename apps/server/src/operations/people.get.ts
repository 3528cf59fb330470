import { handle } from './handler.ts'

export const peopleGet = handle('people.get', async (context, { accountIds }) => {
  return { items: [...(await context.store.accounts.findPeople(accountIds))], next: null }
})
