import { limits } from '@recado/protocol'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'
import { codePoints, sanitiseBody } from './sanitise-body.ts'

/** Set again to what it is, it writes nothing: so a retry is harmless without a key (L3). */
export const accountSetSignature = handle('account.setSignature', async (context, { html }, { accountId }) => {
  const { html: clean } = await sanitiseBody(context.bodies, html)
  if (codePoints(clean) > limits.signatureLength) refuse('invalid-input', 'The signature is too long.')
  await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const outcome = await transaction.accounts.setSignature(accountId, clean === '' ? null : clean)
    if (outcome === 'same') return
    await transaction.appendEvents([{ stream: accountId, kind: 'account.updated', actorId: accountId }])
  })
  return (await context.store.accounts.findAccount(accountId)) ?? refuse('unauthenticated')
})
