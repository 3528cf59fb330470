/**
 * A queued delivery becomes an entry in its recipient's mailbox, an event in the recipient's stream and the status `sent`, in
 * one transaction (M6). Whoever does it: what another has delivered or cancelled meanwhile is left alone.
 */
import type { QueuedDelivery } from '../store/mail.ts'
import type { Transaction } from '../store/transaction.ts'

/** Locks the recipients' streams, then the mails' register groups. */
export async function deliver(transaction: Transaction, found: readonly QueuedDelivery[]): Promise<void> {
  if (found.length === 0) return
  await transaction.lockStreams([], [...new Set(found.map(delivery => delivery.accountId))])
  const queued = await transaction.mail.lockQueued(found)
  if (queued.length === 0) return
  const sequences = await transaction.appendEvents(
    queued.map(({ accountId, mailId }) => {
      return { stream: accountId, kind: 'mail.arrived' as const, actorId: null, target: mailId }
    }),
  )
  await transaction.mail.arrive(queued.map((delivery, index) => ({ ...delivery, sequence: sequences[index] ?? 0 })))
}
