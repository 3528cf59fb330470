/** Who hides what they have read is never seen to have read anything: not in a frame, nor in what the store keeps of mails (C5). */
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Record } from './record.ts'

export function checkHidden({ tables }: Facts, { hidden, leaks }: Record, complain: Complain): void {
  for (const [device, accountId] of leaks) complain(`${device} was told what ${accountId} has read, who hides it`)
  for (const { accountId, mailId, status, readMicros } of tables.deliveries.values()) {
    if (!hidden.has(accountId) || (status !== 'read' && readMicros === null)) continue
    complain(`the author of ${mailId} learns that ${accountId} has read it, who hides it`)
  }
}
