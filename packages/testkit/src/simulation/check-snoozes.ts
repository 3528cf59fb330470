/**
 * What was put off came back: once for each time that somebody put it off, not before the time that was asked for, and to
 * where it is seen. That every program shows it there, its lists are compared with.
 */
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Record } from './record.ts'

export function checkSnoozes(facts: Facts, record: Record, complain: Complain): void {
  for (const entry of facts.tables.entries.values()) {
    const { accountId, mailId, authored, snoozedUntil, sortMicros, version } = entry
    const what = `${mailId} of ${accountId}`
    if (snoozedUntil !== null) complain(`is still put off: ${what}`)
    // What becomes of a mail moves it in the mailbox of its author too.
    if (authored) continue
    const isAsked = (one: Record['snoozes'][number]) => one.accountId === accountId && one.mailIds.includes(mailId)
    const times = record.snoozes.filter(isAsked).map(({ until }) => until)
    const returns = facts
      .events(accountId)
      .filter(event => event.kind === 'mailbox.changed' && event.target === mailId && event.actorId === null)
    if (returns.length > times.length) complain(`came back ${returns.length} times, put off ${times.length}: ${what}`)
    for (const { micros, sequence } of returns) {
      if (!times.some(until => until <= micros / 1000)) complain(`came back before its time: ${what}`)
      if (sequence !== version) continue
      if (entry.folder !== 'inbox' || entry.read) complain(`came back to where nobody sees it: ${what}`)
      if (!times.includes(sortMicros / 1000)) complain(`came back at a time that nobody asked for: ${what}`)
    }
  }
}
