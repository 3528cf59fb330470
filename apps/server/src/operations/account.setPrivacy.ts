import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

/** Set again to what it is, it writes nothing: so a retry is harmless without a key (L3). */
export const accountSetPrivacy = handle('account.setPrivacy', async (context, { readReceipts }, { accountId }) => {
  await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const outcome = await transaction.accounts.setReadReceipts(accountId, readReceipts ? 'shown' : 'hidden')
    if (outcome === 'same') return
    await transaction.appendEvents([{ stream: accountId, kind: 'account.updated', actorId: accountId }])
  })
  return (await context.store.accounts.findAccount(accountId)) ?? refuse('unauthenticated')
})
