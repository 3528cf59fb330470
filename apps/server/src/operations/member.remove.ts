import type { AccountId } from '@recado/protocol'
import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const memberRemove = handle('member.remove', async (context, input, caller) => {
  const { conversationId, key, accountId: removed } = input
  const change = { conversationId, actorId: caller.accountId, key, fingerprint: fingerprint('remove', removed) }
  return { sequence: await context.log.transact(transaction => remove(transaction, change, removed)) }
})

async function remove(transaction: Transaction, change: KeyedChange, removed: AccountId): Promise<number | null> {
  const { conversationId, actorId } = change
  await transaction.lockStreams([conversationId], [removed])
  const earlier = await findEarlier(transaction, change)
  if (earlier !== null) return earlier
  const own = await requireGroupRole(transaction, { conversationId, accountId: actorId }, ['owner', 'admin'])
  const [member] = await transaction.findMemberships(conversationId, [removed])
  if (removed === actorId) refuse('forbidden', 'Leave the group instead.')
  if (member === undefined) return null
  if (own.role === 'admin' && member.role !== 'member') refuse('forbidden', 'Only an owner removes owners and admins.')
  await transaction.deleteMembership(conversationId, removed)
  await transaction.updateMemberCount(conversationId, -1)
  const [sequence] = await transaction.appendEvents([
    { ...change, stream: conversationId, kind: 'member.removed', target: removed },
  ])
  await transaction.appendEvents([{ stream: removed, kind: 'conversation.left', actorId, target: conversationId }])
  await transaction.bell.clear(removed, conversationId)
  return sequence ?? null
}
