import { handle } from './handler.ts'

export const presenceSet = handle('presence.set', async (context, { state }, { connection }) => {
  if (connection?.account !== null && connection !== null) {
    connection.away = state === 'away'
    context.gateway.presence.update(connection.account, 'at-once')
  }
  return {}
})
