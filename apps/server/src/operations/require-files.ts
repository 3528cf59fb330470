import type { AccountId, MediaId } from '@recado/protocol'
import { refuse } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'

/** In the transaction that writes what refers to them. Raises `attachment-unavailable`. */
export async function requireFiles(
  transaction: Transaction,
  accountId: AccountId,
  mediaIds: readonly MediaId[],
): Promise<void> {
  if (mediaIds.length === 0) return
  const usable = await transaction.media.findUsable(mediaIds, accountId)
  if (usable.length < mediaIds.length) refuse('attachment-unavailable')
}
