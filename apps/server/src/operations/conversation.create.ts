import { type AccountId, type ConversationId, limits } from '@recado/protocol'
import { requireConversation } from '../access/conversations.ts'
import { requireGroupName } from '../access/names.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

interface NewGroup {
  readonly owner: AccountId
  readonly others: readonly AccountId[]
  readonly name: string
  readonly description: string | null
  readonly key: string
}

export const conversationCreate = handle('conversation.create', async (context, input, { accountId }) => {
  const others = input.accountIds.filter(id => id !== accountId)
  const { name, key } = input
  requireGroupName(name)
  const description = input.description || null
  const group: NewGroup = { owner: accountId, others, name, description, key }
  const id = await context.log.transact(transaction => createGroup(transaction, group))
  return await requireConversation(context.store, id, accountId)
})

/** The key is kept in the owner's own stream, since the conversation's does not exist before (L3). */
async function createGroup(transaction: Transaction, group: NewGroup): Promise<ConversationId> {
  const { owner, others, name, description, key } = group
  const people = [owner, ...others]
  const mark = fingerprint('create', name, description, others)
  await transaction.lockStreams([], people)
  const known = await transaction.findByKey(owner, owner, key)
  if (known !== null) {
    if (known.fingerprint !== mark || known.target === null) refuse('key-reused')
    return known.target as ConversationId
  }
  if ((await transaction.existingAccounts(people)).length < people.length) refuse('not-found')
  const counts = await transaction.countConversations(people)
  if (people.some(id => (counts.get(id) ?? 0) >= limits.conversationsPerAccount)) refuse('limit-reached')
  const id = await transaction.insertConversation({ kind: 'group', name, description, memberCount: people.length })
  const sequences = await transaction.appendEvents([
    { stream: id, kind: 'conversation.created', actorId: owner },
    ...others.map(target => ({ stream: id, kind: 'member.added' as const, actorId: owner, target })),
  ])
  await transaction.insertMemberships(
    people.map((accountId, index) => ({
      conversationId: id,
      accountId,
      role: accountId === owner ? ('owner' as const) : ('member' as const),
      visibleFrom: 0,
      joinedSequence: sequences[index] ?? 1,
      read: 0,
      readOrdinal: 0,
    })),
  )
  await transaction.appendEvents(
    people.map(stream => ({
      stream,
      kind: 'conversation.joined' as const,
      actorId: owner,
      target: id,
      ...(stream === owner ? { key, fingerprint: mark } : {}),
    })),
  )
  return id
}
