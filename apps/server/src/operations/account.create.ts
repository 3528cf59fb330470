import { createGrant } from '../access/grants.ts'
import { requireProfile } from '../access/profile.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const accountCreate = handle('account.create', async (context, input, caller) => {
  const profile = requireProfile(input)
  context.rateLimits.requireSignUp(caller.address)
  const passwordHash = await context.passwords.hash(input.password)
  const created = await context.log.transact(async transaction => {
    const inserted = await transaction.accounts.insertAccount({
      ...profile,
      language: input.language ?? null,
      passwordHash,
    })
    if ('taken' in inserted) refuse(inserted.taken === 'username' ? 'username-taken' : 'email-taken')
    const { account } = inserted
    await transaction.insertHeads(account.id)
    const session = await transaction.accounts.insertSession({ accountId: account.id, device: input.device ?? '' })
    await transaction.appendEvents([
      { stream: account.id, kind: 'account.created', actorId: account.id },
      { stream: account.id, kind: 'session.created', actorId: account.id, target: session.sessionId },
    ])
    return { account, session }
  })
  return createGrant(context.tokens, created.account, created.session)
})
