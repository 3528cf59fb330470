import { limits } from '@recado/protocol'
import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { type Marking, requirePinning, requireVisible } from '../access/marks.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const messagePin = handle('message.pin', async (context, input, { accountId }) => {
  const { conversationId, sequence, key } = input
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('pin', sequence) }
  const marking = { conversationId, accountId, sequence }
  return { sequence: await context.log.transact(transaction => pin(transaction, change, marking)) }
})

async function pin(transaction: Transaction, change: KeyedChange, marking: Marking): Promise<number | null> {
  const { conversationId, sequence, accountId } = marking
  await transaction.lockStreams([conversationId], [])
  const earlier = await findEarlier(transaction, change)
  if (earlier !== null) return earlier
  const { state } = await requireVisible(transaction, marking)
  await requirePinning(transaction, marking)
  if (state === 'deleted') refuse('message-deleted')
  if (!(await transaction.marks.insertPin(conversationId, sequence, accountId))) return null
  if ((await transaction.marks.countPins(conversationId)) > limits.pinsPerConversation) {
    refuse('limit-reached', `A conversation has at most ${limits.pinsPerConversation} pinned messages.`)
  }
  const [appended] = await transaction.appendEvents([
    { ...change, stream: conversationId, kind: 'message.pinned', target: sequence },
  ])
  return appended ?? null
}
