import { type AccountId, limits } from '@recado/protocol'
import { findEarlier, type KeyedChange } from '../access/keys.ts'
import { requireGroupRole } from '../access/membership.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

interface Addition extends KeyedChange {
  readonly accountIds: readonly AccountId[]
  readonly history: 'all' | 'from-now'
}

export const memberAdd = handle('member.add', async (context, input, { accountId }) => {
  const { conversationId, key, accountIds, history = 'from-now' } = input
  const mark = fingerprint('add', accountIds, history)
  const addition = { conversationId, actorId: accountId, key, fingerprint: mark, accountIds, history }
  return { sequence: await context.log.transact(transaction => addMembers(transaction, addition)) }
})

async function addMembers(transaction: Transaction, addition: Addition): Promise<number | null> {
  const { conversationId, actorId } = addition
  await transaction.lockStreams([conversationId], addition.accountIds)
  const earlier = await findEarlier(transaction, addition)
  if (earlier !== null) return earlier
  await requireGroupRole(transaction, { conversationId, accountId: actorId }, ['owner', 'admin'])
  const members = await transaction.findMemberships(conversationId, addition.accountIds)
  const present = new Set(members.map(member => member.accountId))
  const added = addition.accountIds.filter(id => !present.has(id))
  if (added.length === 0) return null
  await requireRoom(transaction, addition, added)
  const { ordinal } = await transaction.headOf(conversationId)
  await transaction.updateMemberCount(conversationId, added.length)
  const { key, fingerprint: mark } = addition
  const sequences = await transaction.appendEvents(
    added.map((target, index) => ({
      stream: conversationId,
      kind: 'member.added' as const,
      actorId,
      target,
      ...(index === 0 ? { key, fingerprint: mark } : {}),
    })),
  )
  const first = sequences[0] ?? 1
  await transaction.insertMemberships(
    added.map((accountId, index) => ({
      conversationId,
      accountId,
      role: 'member' as const,
      visibleFrom: addition.history === 'all' ? 0 : first,
      joinedSequence: sequences[index] ?? first,
      read: first - 1,
      readOrdinal: ordinal,
    })),
  )
  await transaction.appendEvents(
    added.map(stream => ({ stream, kind: 'conversation.joined' as const, actorId, target: conversationId })),
  )
  return first
}

async function requireRoom(transaction: Transaction, addition: Addition, added: readonly AccountId[]): Promise<void> {
  if ((await transaction.existingAccounts(added)).length < added.length) refuse('not-found')
  const counts = await transaction.countConversations(added)
  if (added.some(id => (counts.get(id) ?? 0) >= limits.conversationsPerAccount)) refuse('limit-reached')
  const conversation = await transaction.findConversation(addition.conversationId)
  if ((conversation?.memberCount ?? 0) + added.length > limits.membersPerGroup) refuse('limit-reached')
}
