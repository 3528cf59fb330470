import { handle } from './handler.ts'

export const presenceSubscribe = handle('presence.subscribe', async (context, { accountIds }, { connection }) => {
  const { presence } = context.gateway
  if (connection !== null) presence.subscribe(connection, accountIds)
  return { items: await presence.read(accountIds) }
})
