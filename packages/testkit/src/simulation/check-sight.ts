/** L8 on the wire: nobody was sent an event of a conversation outside of a stay in it, nor what it may not see. */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Record } from './record.ts'

export function checkSight(
  facts: Facts,
  record: Record,
  accountOf: (device: string) => AccountId | undefined,
  complain: Complain,
): void {
  const conversations = new Set<number>(facts.conversations)
  for (const { device, stream, sequence, target } of record.seen) {
    const accountId = accountOf(device)
    if (accountId === undefined) continue
    if (!conversations.has(stream)) {
      if (stream !== accountId) complain(`${device} was sent an event of the account ${stream}`)
      continue
    }
    const stays = facts.stays(stream, accountId)
    // What came before it was added is not hidden from who was given all of the history; whether one was is only known
    // of a stay that lasts.
    const last = stays.at(-1)
    const from = facts.visibleFrom(stream as ConversationId, accountId)
    const lasts = last?.to === Number.POSITIVE_INFINITY
    const isWithin = stays.some(stay => sequence >= stay.from && sequence <= stay.to)
    const isHidden = !isWithin && (last === undefined || (lasts ? sequence < from : sequence > last.to))
    if (isHidden) complain(`${device} was sent event ${sequence} of ${stream} while not a member`)
    else if (lasts && sequence >= last.from && target !== null && target < from) {
      complain(`${device} was sent message ${target} of ${stream}, which it may not see`)
    }
  }
}
