/**
 * Mail in the store, from its raw rows: each mail that a program took over is there once, its recipients have it once and
 * nobody else does (L3, L8, M5), and its statuses say what happened, and no more than that (M6).
 */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { DeliveryRow, EventRow, MailRow } from '../model/tables.ts'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Mailbox } from './mailbox.ts'
import type { Letter, Record } from './record.ts'

/** What was on the wire when somebody threw it away may still arrive, but not for longer than this. */
const underWayMs = 30_000
/** Whoever joins or leaves a group as a mail goes out may get it or not: what takes long commits later than it says. */
const togetherMicros = 10_000_000

interface Found {
  readonly facts: Facts
  readonly record: Record
  readonly mailboxes: readonly Mailbox[]
  readonly complain: Complain
}

export function checkMail(found: Found): void {
  const { facts, record, complain } = found
  const mails = [...facts.tables.mails.values()]
  const bySubject = Map.groupBy(mails, mail => `${mail.authorId} ${mail.subject}`)
  for (const letter of record.letters) {
    checkLetter(letter, bySubject.get(`${letter.accountId} ${letter.subject}`) ?? [], found)
  }
  const written = new Set(record.letters.map(letter => `${letter.accountId} ${letter.subject}`))
  for (const name of bySubject.keys()) if (!written.has(name)) complain(`nobody wrote the mail ${name}`)
  const deliveries = Map.groupBy(facts.tables.deliveries.values(), row => row.mailId)
  for (const mail of mails) checkDeliveries(mail, deliveries.get(mail.id) ?? [], found)
}

/** What was promised to its author. */
function checkLetter(letter: Letter, mails: readonly MailRow[], { facts, record, mailboxes, complain }: Found): void {
  const { subject, state, takenBack } = letter
  const [mail] = mails
  if (mails.length > 1) complain(`was mailed more than once: ${subject}`)
  const left = mailboxes
    .filter(({ machine }) => machine === letter.machine)
    .flatMap(({ outbox }) => outbox.filter(({ input }) => input.subject === subject))
  if (left.some(entry => entry.state !== 'refused')) complain(`was not mailed: ${subject}`)
  if (mail && left.length > 0) complain(`is mailed and shown as refused: ${subject}`)
  if (state === 'given back' && (mail || left.length > 0)) complain(`was given back and is there: ${subject}`)
  if (mail) checkTakenBack(letter, mail, { facts, complain })
  else if (left.length > 0 && takenBack.includes('yes')) complain(`was taken back and is shown again: ${subject}`)
  if (state !== 'accepted') return
  const discards = record.discards.filter(discard => discard.machine === letter.machine && letter.at <= discard.to)
  const isExcused = discards.length > 0 || takenBack.some(outcome => outcome !== 'no')
  if (!mail && left.length === 0 && !isExcused) complain(`the mail is missing: ${subject}`)
  const first = discards.find(({ from, to }) => letter.at <= from && to < Number.POSITIVE_INFINITY)
  if (first === undefined) return
  const isLate = mail !== undefined && mail.createdMicros / 1000 > first.to + underWayMs
  if (isLate || left.length > 0) complain(`the mail was thrown away and is there: ${subject}`)
}

function checkTakenBack(letter: Letter, mail: MailRow, { facts, complain }: Pick<Found, 'facts' | 'complain'>): void {
  const { subject, takenBack } = letter
  const deliveries = [...facts.tables.deliveries.values()].filter(row => row.mailId === mail.id)
  const isBack = mail.state === 'cancelled' || deliveries.some(row => row.status === 'cancelled')
  if (isBack && takenBack.every(outcome => outcome === 'no')) complain(`the mail was stopped by nobody: ${subject}`)
  if (!isBack && takenBack.includes('yes')) complain(`was taken back and is mailed: ${subject}`)
  if (mail.state === 'held') complain(`the mail is still held: ${subject}`)
  if (mail.state === 'failed' && letter.groups.length === 0) complain(`the mail failed: ${subject}`)
  if (mail.state === 'released') checkRecipients(letter, mail, { facts, complain })
  else if (deliveries.length > 0) complain(`the mail is ${mail.state} and on its way: ${subject}`)
}

/** Groups are who was in them when it went out. */
function checkRecipients(
  { subject, accountId, accounts, groups }: Letter,
  mail: MailRow,
  { facts, complain }: Pick<Found, 'facts' | 'complain'>,
): void {
  const at = mail.releasedMicros ?? 0
  const everybody = [...facts.tables.accounts.values()].map(account => account.id)
  const during = (from: number, to: number, how: 'all' | 'some') =>
    everybody.filter(id => id !== accountId && groups.some(group => wasMember(facts, { group, id, from, to, how })))
  const due = new Set([...accounts, ...during(at - togetherMicros, at + togetherMicros, 'all')])
  const allowed = new Set([...accounts, ...during(at - togetherMicros, at + togetherMicros, 'some')])
  const reached = new Set(
    [...facts.tables.deliveries.values()].flatMap(row => (row.mailId === mail.id ? [row.accountId] : [])),
  )
  for (const id of due.difference(reached)) complain(`the mail never reaches ${id}: ${subject}`)
  for (const id of reached.difference(allowed)) complain(`the mail goes to ${id}, to whom nobody wrote it: ${subject}`)
}

interface Asked {
  readonly group: ConversationId
  readonly id: AccountId
  readonly from: number
  readonly to: number
  /** Of the time between. */
  readonly how: 'all' | 'some'
}

function wasMember(facts: Facts, { group, id, from, to, how }: Asked): boolean {
  const events = facts.events(group)
  const timeOf = (sequence: number) => events[sequence - 1]?.micros ?? Number.POSITIVE_INFINITY
  return facts.stays(group, id).some(stay => {
    const [begun, over] = [timeOf(stay.from), timeOf(stay.to)]
    return how === 'all' ? begun <= from && over >= to : begun <= to && over >= from
  })
}

function checkDeliveries(mail: MailRow, deliveries: readonly DeliveryRow[], found: Found): void {
  const { facts, complain } = found
  const { id, subject, authorId } = mail
  const accounts = new Set(deliveries.map(row => row.accountId))
  if (accounts.size < deliveries.length) complain(`the mail goes to somebody twice: ${subject}`)
  if (facts.tables.entries.get(`${authorId} ${id}`)?.authored !== true) complain(`its author does not have ${subject}`)
  for (const { accountId, mailId, received, authored } of facts.tables.entries.values()) {
    if (mailId !== id) continue
    if (received && !accounts.has(accountId)) complain(`${accountId} has ${subject} without a delivery`)
    if (authored !== (accountId === authorId)) complain(`the mailbox of ${accountId} has a wrong author of ${subject}`)
  }
  for (const delivery of deliveries) checkDelivery(mail, delivery, found)
}

function checkDelivery(
  { subject }: MailRow,
  delivery: DeliveryRow,
  { facts, record, mailboxes, complain }: Found,
): void {
  const { accountId, mailId, status, deliveredMicros, readMicros } = delivery
  const isTold = (event: EventRow) => event.kind === 'mail.arrived' && event.target === mailId
  const told = facts.events(accountId).filter(isTold).length
  const has = facts.tables.entries.get(`${accountId} ${mailId}`)?.received === true
  const isThere = status === 'sent' || status === 'delivered' || status === 'read'
  if (status === 'queued') complain(`still waits to be sent to ${accountId}: ${subject}`)
  if (isThere && !has) complain(`is ${status} and not in the mailbox of ${accountId}: ${subject}`)
  if (!isThere && has) complain(`is ${status} and in the mailbox of ${accountId}: ${subject}`)
  if (told !== (isThere ? 1 : 0))
    complain(`${accountId} was told ${told} times of the mail, which is ${status}: ${subject}`)
  if (status === 'sent' && mailboxes.some(mailbox => mailbox.accountId === accountId)) {
    complain(`is never delivered to ${accountId}: ${subject}`)
  }
  // Reading it is a proof of its own.
  if (deliveredMicros === null || deliveredMicros === readMicros) return
  const storedAt = record.storedMails.get(`${accountId} ${mailId}`) ?? Number.POSITIVE_INFINITY
  if (storedAt > deliveredMicros) complain(`was delivered to ${accountId} before any device had stored it: ${subject}`)
}
