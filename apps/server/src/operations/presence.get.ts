import { handle } from './handler.ts'

export const presenceGet = handle('presence.get', async (context, { accountIds }) => {
  return { items: await context.gateway.presence.read(accountIds) }
})
