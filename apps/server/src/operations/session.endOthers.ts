import { handle } from './handler.ts'

export const sessionEndOthers = handle('session.endOthers', async (context, _input, { accountId, sessionId }) => {
  const ended = await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const targets = await transaction.accounts.endSessions(accountId, { except: sessionId })
    await transaction.appendEvents(
      targets.map(target => ({ stream: accountId, kind: 'session.ended', actorId: accountId, target })),
    )
    return targets.length
  })
  return { ended }
})
