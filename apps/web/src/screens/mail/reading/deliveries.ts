import type { ConversationId, Delivery, MailRecipient } from '@recado/protocol'
import type { Counts } from '../status.tsx'

/** The delivery of somebody who was written as a recipient. */
export function findDelivery(
  deliveries: readonly Delivery[],
  { accountId, address }: Pick<MailRecipient, 'accountId' | 'address'>,
): Delivery | null {
  if (accountId !== null) return deliveries.find(delivery => delivery.accountId === accountId) ?? null
  return deliveries.find(delivery => delivery.address !== null && delivery.address === address) ?? null
}

/** How far it got with those whom it reached by a group. */
export function countGroup(deliveries: readonly Delivery[], group: ConversationId): Counts {
  const counts = { queued: 0, sent: 0, delivered: 0, read: 0, failed: 0, cancelled: 0 }
  for (const { via, status } of deliveries) if (via === group) counts[status] += 1
  return counts
}
