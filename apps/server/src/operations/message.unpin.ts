import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { type Marking, requirePinning, requireVisible } from '../access/marks.ts'
import { fingerprint } from '../log/fingerprint.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const messageUnpin = handle('message.unpin', async (context, input, { accountId }) => {
  const { conversationId, sequence, key } = input
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('unpin', sequence) }
  const marking = { conversationId, accountId, sequence }
  return { sequence: await context.log.transact(transaction => unpin(transaction, change, marking)) }
})

async function unpin(transaction: Transaction, change: KeyedChange, marking: Marking): Promise<number | null> {
  const { conversationId, sequence } = marking
  await transaction.lockStreams([conversationId], [])
  const earlier = await findEarlier(transaction, change)
  if (earlier !== null) return earlier
  await requireVisible(transaction, marking)
  await requirePinning(transaction, marking)
  if (!(await transaction.marks.deletePin(conversationId, sequence))) return null
  const [appended] = await transaction.appendEvents([
    { ...change, stream: conversationId, kind: 'message.unpinned', target: sequence },
  ])
  return appended ?? null
}
