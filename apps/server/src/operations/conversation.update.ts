import { findEarlier } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { handle } from './handler.ts'

export const conversationUpdate = handle('conversation.update', async (context, input, { accountId }) => {
  const { conversationId, key, name } = input
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('update', name) }
  const sequence = await context.log.transact(async transaction => {
    await transaction.lockStreams([conversationId], [])
    const earlier = await findEarlier(transaction, change)
    if (earlier !== null) return earlier
    await requireGroupRole(transaction, { conversationId, accountId }, ['owner', 'admin'])
    const version = await transaction.updateConversationName(conversationId, name)
    const [appended] = await transaction.appendEvents([
      { ...change, stream: conversationId, kind: 'conversation.updated', version },
    ])
    return appended ?? null
  })
  return { sequence }
})
