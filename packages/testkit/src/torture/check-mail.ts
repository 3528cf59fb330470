/**
 * All mail at the end of a run, from the database's rows and from what was answered: a mail that was acknowledged reached each
 * of its recipients once and nobody else (L2, L3, L8), and its statuses say what is there (L11, M6).
 */
import type { Letter, MailEvidence, StoredDelivery, StoredMail, Violation } from './evidence.ts'

export function checkMail(evidence: MailEvidence): Violation[] {
  const { mails, letters, members } = evidence
  return [
    ...letters.flatMap(letter => checkLetter(letter, mails, members)),
    ...mails.flatMap(mail => checkWritten(mail, letters)),
    ...mails.flatMap(mail => [...checkDeliveries(mail), ...checkCounts(mail)]),
    ...checkReadings(evidence),
  ]
}

const reached: readonly string[] = ['sent', 'delivered', 'read']

/** What was acknowledged is there, once, and is for those it was written to. */
function checkLetter(letter: Letter, mails: readonly StoredMail[], members: MailEvidence['members']): Violation[] {
  const { subject, outcome } = letter
  const [mail, ...more] = mails.filter(one => one.subject === subject && one.authorId === letter.authorId)
  if (more.length > 0) return [{ kind: 'doubled', detail: `the mail "${subject}" is stored ${more.length + 1} times` }]
  if (outcome === 'refused') {
    return mail === undefined ? [] : [{ kind: 'broken', detail: `the mail "${subject}" was refused and is stored` }]
  }
  if (mail === undefined) {
    const detail = `the mail "${subject}" was acknowledged and is not there`
    return outcome === 'acknowledged' ? [{ kind: 'lost', detail }] : []
  }
  if (outcome === 'acknowledged' && mail.id !== letter.mailId) {
    return [{ kind: 'altered', detail: `the mail "${subject}" was acknowledged as ${letter.mailId}, it is ${mail.id}` }]
  }
  return checkReached(letter, mail, members)
}

function checkReached(letter: Letter, mail: StoredMail, members: MailEvidence['members']): Violation[] {
  const { subject, takenBack } = letter
  if (mail.state === 'cancelled') {
    const wanted = takenBack === 'yes' || letter.outcome !== 'acknowledged'
    return wanted ? [] : [{ kind: 'lost', detail: `the mail "${subject}" is cancelled, which nobody asked for` }]
  }
  if (mail.state !== 'released') return [{ kind: 'late', detail: `the mail "${subject}" is ${mail.state}` }]
  const byGroup = letter.groups.flatMap(group => (members.get(group) ?? []).filter(id => id !== letter.authorId))
  const expected = new Set([...letter.accounts, ...byGroup])
  const found = new Set(mail.deliveries.map(delivery => delivery.accountId))
  return [
    ...[...expected.difference(found)].map(
      (id): Violation => ({ kind: 'lost', detail: `the mail "${subject}" is not on its way to ${id}` }),
    ),
    ...[...found.difference(expected)].map(
      (id): Violation => ({
        kind: 'leaked',
        detail: `the mail "${subject}" went to ${id}, to whom it was not written`,
      }),
    ),
  ]
}

/** Nothing is there that nobody wrote. */
function checkWritten({ subject, authorId }: StoredMail, letters: readonly Letter[]): Violation[] {
  const known = letters.some(letter => letter.subject === subject && letter.authorId === authorId)
  return known ? [] : [{ kind: 'altered', detail: `nobody wrote the mail "${subject}"` }]
}

/** A delivery that says `sent` or more is a mail in a mailbox and one event that tells of it; any other is neither. */
function checkDeliveries(mail: StoredMail): Violation[] {
  const { subject, authorId, deliveries, entries } = mail
  const violations: Violation[] = []
  const accounts = new Set<number>()
  for (const delivery of deliveries) {
    if (accounts.has(delivery.accountId)) {
      violations.push({ kind: 'doubled', detail: `the mail "${subject}" has two deliveries to ${delivery.accountId}` })
    }
    accounts.add(delivery.accountId)
    violations.push(...checkDelivery(mail, delivery))
  }
  const owners = new Set<number>()
  for (const { accountId, authored, received } of entries) {
    if (owners.has(accountId)) violations.push({ kind: 'doubled', detail: `${accountId} has "${subject}" twice` })
    owners.add(accountId)
    if (received && !accounts.has(accountId)) {
      violations.push({ kind: 'leaked', detail: `${accountId} has "${subject}" without a delivery` })
    }
    if (authored !== (accountId === authorId)) {
      violations.push({ kind: 'altered', detail: `"${subject}" says that ${accountId} wrote it` })
    }
  }
  if (!owners.has(authorId)) violations.push({ kind: 'lost', detail: `the author of "${subject}" does not have it` })
  return violations
}

function checkDelivery({ subject, entries, arrivals }: StoredMail, delivery: StoredDelivery): Violation[] {
  const { accountId, status } = delivery
  if (status === 'queued') return [{ kind: 'late', detail: `"${subject}" still waits to be sent to ${accountId}` }]
  const has = entries.some(entry => entry.accountId === accountId && entry.received)
  const told = arrivals.filter(id => id === accountId).length
  if (reached.includes(status)) {
    if (!has) return [{ kind: 'lost', detail: `"${subject}" is ${status} and not in the mailbox of ${accountId}` }]
    if (told === 1) return []
    return [{ kind: told === 0 ? 'lost' : 'doubled', detail: `${accountId} was told ${told} times of "${subject}"` }]
  }
  return has || told > 0 ? [{ kind: 'leaked', detail: `"${subject}" is ${status} and came to ${accountId}` }] : []
}

function checkCounts({ subject, deliveries, counts }: StoredMail): Violation[] {
  return ['queued', 'sent', 'delivered', 'read', 'failed', 'cancelled'].flatMap((status): Violation[] => {
    const recount = deliveries.filter(delivery => delivery.status === status).length
    const counted = counts?.[status] ?? 0
    if (counted === recount) return []
    return [{ kind: 'miscounted', detail: `"${subject}" counts ${counted} ${status}, a recount says ${recount}` }]
  })
}

function checkReadings({ mails, readings }: MailEvidence): Violation[] {
  const byId = new Map(mails.map(mail => [mail.id, mail]))
  return readings.flatMap(({ accountId, mailId }): Violation[] => {
    const mail = byId.get(mailId)
    const entry = mail?.entries.find(one => one.accountId === accountId)
    const delivery = mail?.deliveries.find(one => one.accountId === accountId)
    if (entry?.read === true && delivery?.status === 'read') return []
    const shown = `${entry?.read === true ? 'read' : 'not read'} and ${delivery?.status ?? 'not delivered'}`
    return [{ kind: 'lost', detail: `${accountId} read mail ${mailId}, which is ${shown}` }]
  })
}
