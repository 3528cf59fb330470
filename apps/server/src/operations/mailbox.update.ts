import { type AccountId, limits, type MailFolder, type MailId, type OperationInput } from '@recado/protocol'
import { findEarlierIn } from '../access/keys.ts'
import { fingerprint } from '../log/fingerprint.ts'
import { refuse } from '../problem.ts'
import { type FoundEntry, markedAsRead } from '../store/mail.ts'
import { foreverMicros } from '../store/settings.ts'
import type { Transaction } from '../store/transaction.ts'
import { handle } from './handler.ts'

type Wanted = Omit<OperationInput<'mailbox.update'>, 'mailIds' | 'key' | 'snoozedUntil'> & {
  /** Microseconds since 1970; null for no more. */
  readonly snoozedUntil?: number | null
}

interface Update {
  readonly actorId: AccountId
  readonly mailIds: readonly MailId[]
  readonly key: string
  readonly fingerprint: string
  readonly wanted: Wanted
}

export const mailboxUpdate = handle('mailbox.update', async (context, input, { accountId }) => {
  const { mailIds, key, snoozedUntil, ...rest } = input
  const wanted = { ...rest, ...(snoozedUntil !== undefined && { snoozedUntil: parseSnooze(snoozedUntil) }) }
  const mark = fingerprint('mailbox', mailIds, wanted)
  const change = { actorId: accountId, mailIds, key, fingerprint: mark, wanted }
  return { sequence: await context.log.transact(transaction => update(transaction, change)) }
})

function parseSnooze(until: string | null): number | null {
  if (until === null) return null
  const micros = Date.parse(until) * 1_000
  // A time that the wire could not carry stands for ever.
  return Number.isNaN(micros) ? refuse('invalid-input', 'snoozedUntil is no time.') : Math.min(micros, foreverMicros)
}

/** Under the lock of one's own stream, as every change of one's mailbox. The key goes with the last event (L3). */
async function update(transaction: Transaction, change: Update): Promise<number | null> {
  const { actorId, mailIds, wanted } = change
  await transaction.lockStreams([], [actorId])
  const earlier = await findEarlierIn(transaction, actorId, change)
  if (earlier !== null) return earlier
  const found = await transaction.mail.findEntries(actorId, mailIds)
  if (found.length < mailIds.length) refuse('not-found')
  const changed = found.flatMap(entry => {
    const next = entryAfter(entry, wanted, transaction.micros)
    return isSame(entry, next) && wanted.tell !== 'always' ? [] : [{ before: entry, next }]
  })
  if (changed.length === 0) return null
  const sequences = await transaction.appendEvents(
    changed.map(({ next }, index) => ({
      stream: actorId,
      kind: 'mailbox.changed' as const,
      actorId,
      target: next.mailId,
      version: wanted.read === true ? markedAsRead : null,
      ...(index === changed.length - 1 ? { key: change.key, fingerprint: change.fingerprint } : {}),
    })),
  )
  await transaction.mail.putEntries(changed.map(({ next }, index) => ({ ...next, version: sequences[index] ?? 0 })))
  await tellAuthors(
    transaction,
    actorId,
    changed.filter(({ before, next }) => next.read && !before.read).map(({ next }) => next),
  )
  return sequences.at(-1) ?? null
}

/** Of whoever shows nobody what they read, authors learn that the mail is there, and nothing is kept that says more. */
async function tellAuthors(transaction: Transaction, actorId: AccountId, read: readonly FoundEntry[]): Promise<void> {
  const places = read.flatMap(({ mailId, deliveryNumber }) =>
    deliveryNumber === null ? [] : [{ mailId, number: deliveryNumber }],
  )
  if (places.length === 0) return
  const receipts = await transaction.mail.findReceipts(actorId)
  await transaction.mail.moveDeliveries(places, receipts === 'shown' ? 'read' : 'delivered')
}

function entryAfter(entry: FoundEntry, wanted: Wanted, nowMicros: number): FoundEntry {
  const { read = entry.read, starred = entry.starred, addLabels = [], removeLabels = [] } = wanted
  const labels = [...new Set([...entry.labels, ...addLabels])].filter(label => !removeLabels.includes(label))
  if (labels.length > limits.labelsPerMail)
    refuse('limit-reached', `A mail has at most ${limits.labelsPerMail} labels.`)
  const folder = folderAfter(entry, wanted)
  const snoozedUntil = wanted.snoozedUntil === undefined ? entry.snoozedUntil : wanted.snoozedUntil
  const isSnoozed = folder === 'inbox' && snoozedUntil !== null && snoozedUntil > nowMicros
  return { ...entry, folder, read, starred, labels, snoozedUntil: isSnoozed ? snoozedUntil : null }
}

/** What one only wrote is in the trash or where its state puts it; what is snoozed belongs into the inbox. */
function folderAfter(entry: FoundEntry, { folder, snoozedUntil }: Wanted): MailFolder {
  if (entry.received) return folder ?? (snoozedUntil ? 'inbox' : entry.folder)
  if (folder === undefined) return entry.folder
  if (folder === 'trash') return 'trash'
  return entry.state === 'released' ? 'sent' : 'unsent'
}

function isSame(one: FoundEntry, other: FoundEntry): boolean {
  const names = ['folder', 'read', 'starred', 'snoozedUntil'] as const
  return names.every(name => one[name] === other[name]) && one.labels.join('\0') === other.labels.join('\0')
}
