import { findEarlierIn } from '../access/keys.ts'
import { requireVisible } from '../access/marks.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { handle } from './handler.ts'

/** What one saved once one may always let go, also what one may not see any more. */
export const messageUnsave = handle('message.unsave', async (context, input, { accountId }) => {
  const { conversationId, sequence: saved, key } = input
  const change = { actorId: accountId, key, fingerprint: fingerprint('unsave', conversationId, saved) }
  const sequence = await context.log.transact(async transaction => {
    await transaction.lockStreams([], [accountId])
    const earlier = await findEarlierIn(transaction, accountId, change)
    if (earlier !== null) return earlier
    const target = await transaction.marks.deleteSave(accountId, conversationId, saved)
    if (target === null) {
      await requireVisible(transaction, { conversationId, accountId, sequence: saved })
      return null
    }
    const [appended] = await transaction.appendEvents([
      { ...change, stream: accountId, kind: 'message.unsaved', target },
    ])
    return appended ?? null
  })
  return { sequence }
})
