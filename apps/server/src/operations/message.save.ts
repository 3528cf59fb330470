import { limits } from '@recado/protocol'
import { findEarlierIn, type KeyedChange } from '../access/keys.ts'
import { type Marking, requireVisible } from '../access/marks.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const messageSave = handle('message.save', async (context, input, { accountId }) => {
  const { conversationId, sequence, key } = input
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('save', conversationId, sequence) }
  const marking = { conversationId, accountId, sequence }
  return { sequence: await context.log.transact(transaction => save(transaction, change, marking)) }
})

/** Under the account's own lock, which every change of its memberships takes too: what it may see does not move meanwhile. */
async function save(transaction: Transaction, change: KeyedChange, marking: Marking): Promise<number | null> {
  const { accountId } = marking
  await transaction.lockStreams([], [accountId])
  const earlier = await findEarlierIn(transaction, accountId, change)
  if (earlier !== null) return earlier
  const { id, state } = await requireVisible(transaction, marking)
  if (state === 'deleted') refuse('message-deleted')
  if (!(await transaction.marks.insertSave({ ...marking, messageId: id }))) return null
  if ((await transaction.marks.countSaves(accountId)) > limits.savesPerAccount) {
    refuse('limit-reached', `One can save ${limits.savesPerAccount} messages.`)
  }
  const { actorId, key, fingerprint: content } = change
  const [appended] = await transaction.appendEvents([
    { stream: accountId, kind: 'message.saved', actorId, target: id, key, fingerprint: content },
  ])
  return appended ?? null
}
