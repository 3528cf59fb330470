/**
 * The way of a mail into the log: at once when it is sent without a hold, else by the worker when its time has come. Both
 * are this code, in one transaction: the conversations it goes to, its message in each, a queued delivery for each person
 * its recipients stand for in this moment, its place in the author's mailbox (M5, M6).
 *
 * Locks: the thread, then the conversations, then the author's stream, which is the lock of the mail's state.
 */
import type { AccountId, ConversationId, MailFolder, MailId } from '@recado/protocol'
import { judgeRecipients } from '../access/mail.ts'
import type { EntryRow, MailRow, RecipientRow } from '../store/mail.ts'
import type { NewEvent, Transaction } from '../store/transaction.ts'
import { fingerprint } from './fingerprint.ts'

/** For each recipient the set of participants whose conversation it gets the mail in. */
interface Places {
  readonly participants: readonly string[]
  readonly counts: ReadonlyMap<string, number>
}

/**
 * To and Cc are one conversation with the author; each blind recipient has one with the author alone, so nobody else can
 * find them in it.
 */
function placesOf(authorId: AccountId, recipients: readonly RecipientRow[]): Places {
  const open = recipients.filter(recipient => recipient.mode !== 'bcc')
  const counts = new Map<string, number>()
  const participantsOf = (others: readonly RecipientRow[]) => {
    const names = [...new Set([`account ${authorId}`, ...others.map(nameOf)])].sort()
    const participants = fingerprint(...names)
    counts.set(participants, names.length)
    return participants
  }
  const shared = open.length === 0 ? '' : participantsOf(open)
  return {
    participants: recipients.map(recipient => (recipient.mode === 'bcc' ? participantsOf([recipient]) : shared)),
    counts,
  }
}

function nameOf({ accountId, groupId, address }: RecipientRow): string {
  if (accountId !== null) return `account ${accountId}`
  return groupId === null ? `address ${address}` : `group ${groupId}`
}

/** What is known once the locks are held. */
export interface LockedThread {
  readonly places: Places
  readonly conversations: ReadonlyMap<string, ConversationId>
}

/** Locks what releasing this mail writes to. A thread that is yet to begin has nothing to lock. */
export async function lockForRelease(
  transaction: Transaction,
  mail: Pick<MailRow, 'authorId' | 'recipients'> & { readonly threadId: MailId | null },
): Promise<LockedThread> {
  const { authorId, recipients, threadId } = mail
  const places = placesOf(authorId, recipients)
  let conversations: ReadonlyMap<string, ConversationId> = new Map()
  if (threadId !== null) {
    await transaction.mail.lockThread(threadId)
    conversations = await transaction.mail.findConversations(threadId, [...places.counts.keys()])
  }
  await transaction.lockStreams([...conversations.values()], [authorId])
  return { places, conversations }
}

/** Sends it on its way. Its state and the event are the caller's, who knows whether it was held, and its key. */
export async function release(transaction: Transaction, mail: MailRow, locked: LockedThread): Promise<void> {
  const { id, threadId, authorId, recipients } = mail
  const { places } = locked
  const conversations = new Map(locked.conversations)
  for (const [participants, count] of places.counts) {
    const known = conversations.get(participants)
    const conversationId = known ?? (await transaction.mail.insertConversation(threadId, participants, count))
    conversations.set(participants, conversationId)
    await transaction.mail.appendMessage(conversationId, id, authorId)
  }
  await transaction.mail.queueDeliveries(
    mail,
    recipients.map((recipient, index) => {
      const conversationId = conversations.get(places.participants[index] ?? '')
      if (conversationId === undefined) throw new Error('a recipient has no conversation')
      return { ...recipient, conversationId }
    }),
  )
}

interface Placing {
  readonly folder: MailFolder
  readonly event: Pick<NewEvent, 'kind' | 'key' | 'fingerprint'>
}

/** Appends an event of the author's own and puts a new mail into the author's mailbox. */
export async function placeNew(
  transaction: Transaction,
  { id, authorId }: Pick<MailRow, 'id' | 'authorId'>,
  placing: Placing,
): Promise<number> {
  return await place(transaction, newEntry(authorId, id), placing)
}

/** The same for a mail that is there already. */
export async function placeAgain(
  transaction: Transaction,
  { id, authorId }: Pick<MailRow, 'id' | 'authorId'>,
  placing: Placing,
): Promise<number> {
  const [entry] = await transaction.mail.findEntries(authorId, [id])
  return await place(transaction, entry ?? newEntry(authorId, id), placing)
}

async function place(transaction: Transaction, entry: EntryRow, { folder, event }: Placing): Promise<number> {
  const { accountId, mailId } = entry
  const [version = 0] = await transaction.appendEvents([
    { ...event, stream: accountId, actorId: accountId, target: mailId },
  ])
  await transaction.mail.putEntries([{ ...entry, folder, sortMicros: transaction.micros, version }])
  return version
}

function newEntry(accountId: AccountId, mailId: MailId): EntryRow {
  return {
    accountId,
    mailId,
    folder: 'unsent',
    authored: true,
    received: false,
    deliveryNumber: null,
    read: true,
    starred: false,
    labels: [],
    snoozedUntil: null,
    sortMicros: 0,
    version: 0,
  }
}

/**
 * Releases a held mail whose time has come, or lets it come back as failed where one of its recipients may no longer be
 * mailed. Nothing if it was cancelled or released meanwhile.
 */
export async function releaseDue(transaction: Transaction, mailId: MailId): Promise<void> {
  const held = await transaction.mail.findMail(mailId)
  if (held === null) return
  const locked = await lockForRelease(transaction, held)
  const mail = await transaction.mail.findMail(mailId)
  if (mail?.state !== 'held' || mail.dueMicros > transaction.micros) return
  const failure = await judgeRecipients(transaction, mail.authorId, mail.recipients)
  const event = { kind: 'mailbox.changed' as const }
  if (failure.length > 0) {
    await transaction.mail.updateState(mailId, 'failed', failure)
    await placeAgain(transaction, mail, { folder: 'unsent', event })
    return
  }
  await transaction.mail.updateState(mailId, 'released', null)
  await release(transaction, mail, locked)
  await placeAgain(transaction, mail, { folder: 'sent', event })
}
