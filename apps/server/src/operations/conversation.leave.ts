import type { AccountId } from '@recado/protocol'
import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { fingerprint } from '../log/fingerprint.ts'
import type { NewEvent, Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const conversationLeave = handle('conversation.leave', async (context, input, { accountId }) => {
  const { conversationId, key } = input
  const change = { conversationId, actorId: accountId, key, fingerprint: fingerprint('leave') }
  return { sequence: await context.log.transact(transaction => leave(transaction, change)) }
})

async function leave(transaction: Transaction, change: KeyedChange): Promise<number | null> {
  const { conversationId, actorId } = change
  await transaction.lockStreams([conversationId], [actorId])
  const earlier = await findEarlier(transaction, change)
  if (earlier !== null) return earlier
  const own = await requireGroupRole(transaction, { conversationId, accountId: actorId }, ['owner', 'admin', 'member'])
  const events: NewEvent[] = []
  if (own.role === 'owner' && (await transaction.countOwners(conversationId)) === 1) {
    const successor = await transaction.findSuccessor(conversationId, actorId)
    if (successor !== null) events.push(await handOver(transaction, change, successor))
  }
  await transaction.deleteMembership(conversationId, actorId)
  await transaction.updateMemberCount(conversationId, -1)
  events.push({ ...change, stream: conversationId, kind: 'member.left', target: actorId })
  const sequences = await transaction.appendEvents(events)
  await transaction.appendEvents([{ stream: actorId, kind: 'conversation.left', actorId, target: conversationId }])
  await transaction.bell.clear(actorId, conversationId)
  return sequences.at(-1) ?? null
}

async function handOver(transaction: Transaction, change: KeyedChange, successor: AccountId): Promise<NewEvent> {
  await transaction.updateRole(change.conversationId, successor, 'owner')
  return { stream: change.conversationId, kind: 'member.roleChanged', actorId: change.actorId, target: successor }
}
