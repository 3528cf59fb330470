import { findEarlier } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { requireGroupName } from '../access/names.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

export const conversationUpdate = handle('conversation.update', async (context, input, { accountId }) => {
  const { conversationId, key, name, description } = input
  if (name === undefined && description === undefined) refuse('invalid-input', 'Give a name or a description.')
  if (name !== undefined) requireGroupName(name)
  const wanted = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: description || null }),
  }
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('update', wanted) }
  const sequence = await context.log.transact(async transaction => {
    await transaction.lockStreams([conversationId], [])
    const earlier = await findEarlier(transaction, change)
    if (earlier !== null) return earlier
    await requireGroupRole(transaction, { conversationId, accountId }, ['owner', 'admin'])
    const version = await transaction.updateConversation(conversationId, wanted)
    const [appended] = await transaction.appendEvents([
      { ...change, stream: conversationId, kind: 'conversation.updated', version },
    ])
    return appended ?? null
  })
  return { sequence }
})
