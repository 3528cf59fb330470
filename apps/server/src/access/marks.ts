/** What must hold before a message is pinned or saved. */
import type { AccountId, ConversationId, MessageId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'
import { requireGroupRole } from './membership.ts'
import { maySee } from './sight.ts'

export interface Marking {
  readonly conversationId: ConversationId
  readonly accountId: AccountId
  readonly sequence: number
}

/** A message that this account may see (L8). Raises `not-found`. */
export async function requireVisible(
  transaction: Transaction,
  { conversationId, accountId, sequence }: Marking,
): Promise<{ readonly id: MessageId; readonly state: 'there' | 'deleted' }> {
  const [membership] = await transaction.findMemberships(conversationId, [accountId])
  if (membership === undefined || !maySee(membership.visibleFrom, sequence)) refuse('not-found')
  return (await transaction.marks.findTarget(conversationId, sequence)) ?? refuse('not-found')
}

/** Either person of a direct conversation, owners and admins of a group: a pin changes what everybody sees. Raises `forbidden`. */
export async function requirePinning(transaction: Transaction, { conversationId, accountId }: Marking): Promise<void> {
  const conversation = await transaction.findConversation(conversationId)
  if (conversation?.kind === 'direct') return
  await requireGroupRole(transaction, { conversationId, accountId }, ['owner', 'admin'])
}
