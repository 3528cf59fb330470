import { type AccountId, type ConversationId, limits } from '@recado/protocol'
import { requireConversation } from '../access/conversations.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

export const conversationOpen = handle('conversation.open', async (context, input, { accountId }) => {
  const id = await context.log.transact(transaction => openDirect(transaction, accountId, input.accountId))
  return await requireConversation(context.store, id, accountId)
})

/** Whoever comes second, even at the same instant, waits for the pair's lock and finds the first one's conversation. */
async function openDirect(transaction: Transaction, own: AccountId, peer: AccountId): Promise<ConversationId> {
  const existing = await transaction.lockDirect(own, peer)
  if (existing !== null) return existing
  const people = own === peer ? [own] : [own, peer]
  if ((await transaction.existingAccounts(people)).length < people.length) refuse('not-found')
  const counts = await transaction.countConversations(people)
  if (people.some(id => (counts.get(id) ?? 0) >= limits.conversationsPerAccount)) refuse('limit-reached')
  await transaction.lockStreams([], people)
  const id = await transaction.insertConversation({
    kind: 'direct',
    name: null,
    description: null,
    memberCount: people.length,
  })
  await transaction.insertDirect(own, peer, id)
  const [created = 0] = await transaction.appendEvents([{ stream: id, kind: 'conversation.created', actorId: own }])
  await transaction.insertMemberships(
    people.map(accountId => ({
      conversationId: id,
      accountId,
      role: 'member' as const,
      visibleFrom: 0,
      joinedSequence: created,
      read: 0,
      readOrdinal: 0,
    })),
  )
  await transaction.appendEvents(
    people.map(stream => ({ stream, kind: 'conversation.joined' as const, actorId: own, target: id })),
  )
  return id
}
