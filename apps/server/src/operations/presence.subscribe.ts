import { handle } from './handler.ts'

export const presenceSubscribe = handle('presence.subscribe', async (context, { accountIds }, { connection }) => {
  const { presence } = context.gateway
  const items =
    connection === null ? accountIds.map(id => presence.get(id)) : presence.subscribe(connection, accountIds)
  return { items: [...items] }
})
