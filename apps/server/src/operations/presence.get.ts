import { handle } from './handler.ts'

export const presenceGet = handle('presence.get', async (context, { accountIds }) => {
  return { items: accountIds.map(id => context.gateway.presence.get(id)) }
})
