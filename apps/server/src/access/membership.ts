/** The gate of every conversation: who is no member learns nothing, not even that it exists (L8). */
import type { AccountId, ConversationId, Role } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { MembershipRow, Store } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'

/** For reads. Raises `not-found`. */
export async function requireMembership(
  store: Pick<Store, 'findMembership'>,
  conversationId: ConversationId,
  accountId: AccountId,
): Promise<MembershipRow> {
  return (await store.findMembership(conversationId, accountId)) ?? refuse('not-found')
}

/**
 * Reads content between two looks at the membership, so that nothing is shown that was written after the reader was
 * removed, however long the read waited (L8). Raises `not-found`.
 */
export async function readAsMember<Result>(
  store: Pick<Store, 'findMembership'>,
  { conversationId, accountId }: { readonly conversationId: ConversationId; readonly accountId: AccountId },
  read: (membership: MembershipRow) => Promise<Result>,
): Promise<Result> {
  for (let membership = await requireMembership(store, conversationId, accountId); ; ) {
    const result = await read(membership)
    const now = await requireMembership(store, conversationId, accountId)
    if (now.visibleFrom === membership.visibleFrom) return result
    membership = now
  }
}

/** For writes, after the stream was locked: a member of a group with one of these roles. Raises `not-found` and `forbidden`. */
export async function requireGroupRole(
  transaction: Transaction,
  membership: { readonly conversationId: ConversationId; readonly accountId: AccountId },
  roles: readonly Role[],
): Promise<MembershipRow> {
  const { conversationId, accountId } = membership
  const [found] = await transaction.findMemberships(conversationId, [accountId])
  if (found === undefined) refuse('not-found')
  const conversation = await transaction.findConversation(conversationId)
  if (conversation?.kind !== 'group')
    refuse('forbidden', 'A direct conversation has no roles and keeps its two people.')
  if (!roles.includes(found.role)) refuse('forbidden', 'Your role in this group does not allow it.')
  return found
}
