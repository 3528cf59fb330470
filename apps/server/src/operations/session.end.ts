import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const sessionEnd = handle('session.end', async (context, input, { accountId, sessionId }) => {
  const only = input.sessionId ?? sessionId
  const ended = await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const targets = await transaction.accounts.endSessions(accountId, { only })
    await transaction.appendEvents(
      targets.map(target => ({ stream: accountId, kind: 'session.ended', actorId: accountId, target })),
    )
    return targets.length > 0
  })
  if (!ended) {
    const session = await context.store.accounts.findRefreshState(only)
    if (session?.accountId !== accountId) refuse('not-found')
  }
  return {}
})
