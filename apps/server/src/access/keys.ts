import type { AccountId, ConversationId, StreamId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'

/** The key of a change of a conversation, and what tells another change under the same key. */
export interface KeyedChange {
  readonly conversationId: ConversationId
  readonly actorId: AccountId
  readonly key: string
  readonly fingerprint: string
}

/**
 * After the lock and before membership (L3): the sequence that an earlier attempt with this key appended, or null for
 * the first attempt. Raises `key-reused`.
 */
export async function findEarlier(transaction: Transaction, change: KeyedChange): Promise<number | null> {
  return findEarlierIn(transaction, change.conversationId, change)
}

/** The same for a change whose event is in another stream. */
export async function findEarlierIn(
  transaction: Transaction,
  stream: StreamId,
  change: Pick<KeyedChange, 'actorId' | 'key' | 'fingerprint'>,
): Promise<number | null> {
  const known = await transaction.findByKey(stream, change.actorId, change.key)
  if (known === null) return null
  if (known.fingerprint !== change.fingerprint) refuse('key-reused')
  return known.sequence
}
