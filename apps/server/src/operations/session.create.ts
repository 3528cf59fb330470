import { limits } from '@recado/protocol'
import { createGrant } from '../access/grants.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const sessionCreate = handle('session.create', async (context, input, caller) => {
  const attempt = { login: input.login, address: caller.address }
  context.rateLimits.requireSignIn(attempt)
  const credentials = await context.store.accounts.findCredentials(input.login)
  const isRight = await context.passwords.verify(credentials?.passwordHash ?? null, input.password)
  if (credentials === null || !isRight) refuse('wrong-credentials')
  context.rateLimits.signInSucceeded(attempt)
  const { account } = credentials
  const session = await context.log.transact(async transaction => {
    await transaction.lockStreams([], [account.id])
    const inserted = await transaction.accounts.insertSession({ accountId: account.id, device: input.device ?? '' })
    const crowdedOut = await transaction.accounts.endSessions(account.id, { newestKept: limits.sessionsPerAccount })
    await transaction.appendEvents([
      { stream: account.id, kind: 'session.created', actorId: account.id, target: inserted.sessionId },
      ...crowdedOut.map(target => ({
        stream: account.id,
        kind: 'session.ended' as const,
        actorId: account.id,
        target,
      })),
    ])
    return inserted
  })
  return createGrant(context.tokens, account, session)
})
