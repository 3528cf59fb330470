import type { AccountId, MediaId } from '@recado/protocol'
import { Refusal } from '../problem.ts'
import type { Transaction } from '../store/transaction.ts'

/** In the transaction that writes what refers to them. Raises `attachment-unavailable`, naming each by a pointer. */
export async function requireFiles(
  transaction: Transaction,
  accountId: AccountId,
  mediaIds: readonly MediaId[],
): Promise<void> {
  if (mediaIds.length === 0) return
  const usable = new Set(await transaction.media.findUsable(mediaIds, accountId))
  const errors = mediaIds.flatMap((id, index) =>
    usable.has(id) ? [] : { path: `/mediaIds/${index}`, message: 'It is not there, not yours or not ready.' },
  )
  if (errors.length > 0) throw new Refusal('attachment-unavailable', { errors })
}
