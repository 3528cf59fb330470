import { findEarlier } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { requireGroupName } from '../access/names.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const conversationUpdate = handle('conversation.update', async (context, input, { accountId }) => {
  const { conversationId, key, name, description, mailFrom } = input
  if (name === undefined && description === undefined && mailFrom === undefined) {
    refuse('invalid-input', 'Give a name, a description or who may mail the group.')
  }
  if (name !== undefined) requireGroupName(name)
  const wanted = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: description || null }),
    ...(mailFrom !== undefined && { mailFrom }),
  }
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('update', wanted) }
  const sequence = await context.log.transact(async transaction => {
    await transaction.lockStreams([conversationId], [])
    const earlier = await findEarlier(transaction, change)
    if (earlier !== null) return earlier
    const roles = mailFrom === undefined ? (['owner', 'admin'] as const) : (['owner'] as const)
    await requireGroupRole(transaction, { conversationId, accountId }, roles)
    const version = await transaction.updateConversation(conversationId, wanted)
    const [appended] = await transaction.appendEvents([
      { ...change, stream: conversationId, kind: 'conversation.updated', version },
    ])
    return appended ?? null
  })
  return { sequence }
})
