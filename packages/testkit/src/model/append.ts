/**
 * The message lane's transaction: sends, then edits, deletions and reactions, each judged for itself. Keys are looked up
 * before membership (L3). The streams are locked.
 */
import { limits, type MessageId } from '@recado/protocol'
import type {
  AppendEntry,
  AppendOutcome,
  AppendRefusal,
  ChangeEntry,
  SendEntry,
} from '@recado/server/store/appending.ts'
import { attach, detach, mayAttach } from './attachments.ts'
import type { ModelTransaction } from './database.ts'
import { appendEvent, findByKey, requireHead } from './streams.ts'
import type { EventRow, MemberRow, MessageRow } from './tables.ts'

export function appendEntries(
  transaction: ModelTransaction,
  entries: readonly AppendEntry[],
  micros: number,
): AppendOutcome[] {
  const outcomes: AppendOutcome[] = []
  const sends = entries.filter(entry => entry.op === 'send')
  // All sends are judged before the first is written: none can answer another of its own batch.
  const refusals = new Map(sends.map(entry => [entry, judgeSend(transaction, entry)]))
  for (const [index, entry] of entries.entries()) {
    if (entry.op === 'send') outcomes[index] = refusals.get(entry) ?? send(transaction, entry, micros)
  }
  for (const [index, entry] of entries.entries()) {
    if (entry.op !== 'send') outcomes[index] = change(transaction, entry, micros)
  }
  return outcomes
}

function refused(code: AppendRefusal): AppendOutcome {
  return { outcome: 'refused', code }
}

/** What was decided before, or speaks against it now; null if it may be written. */
function judgeSend(transaction: ModelTransaction, entry: SendEntry): AppendOutcome | null {
  const known = findByKey(transaction, entry.conversationId, entry.actorId, entry.key)
  if (known !== undefined) {
    if (known.fingerprint !== entry.fingerprint) return refused('key-reused')
    const message = transaction.get('messages', entry.conversationId, known.sequence)
    return outcomeOf('known', known, message)
  }
  const member = transaction.get('memberships', entry.conversationId, entry.actorId)
  if (member === undefined) return refused('not-found')
  if (entry.replyTo !== null && visibleMessage(transaction, member, entry.replyTo) === undefined) {
    return refused('not-found')
  }
  if (!mayAttach(transaction, entry)) return refused('attachment-unavailable')
  return null
}

function send(transaction: ModelTransaction, entry: SendEntry, micros: number): AppendOutcome {
  const { conversationId, actorId, key, fingerprint, body, replyTo, mentions, forwardedFrom } = entry
  const head = requireHead(transaction, conversationId)
  const sequence = head.sequence + 1
  const event = appendEvent(
    transaction,
    { stream: conversationId, kind: 'message.created', actorId, target: sequence, version: 1, key, fingerprint },
    micros,
  )
  const message: MessageRow = {
    conversationId,
    sequence,
    ordinal: head.ordinal + 1,
    id: transaction.database.nextNumber('messages') as MessageId,
    authorId: actorId,
    key,
    body,
    replyTo,
    mentions,
    forwardedFrom,
    attachments: entry.attachments.map(({ id }) => id),
    version: 1,
    createdMicros: event.micros,
    editedMicros: null,
    deletedMicros: null,
  }
  transaction.insert('messages', message)
  attach(transaction, message)
  const { ordinal } = message
  transaction.put('heads', { ...requireHead(transaction, conversationId), ordinal, messageSequence: sequence })
  transaction.put('sent', { conversationId, accountId: actorId, sequence, ordinal })
  return outcomeOf('appended', event, message)
}

function outcomeOf(outcome: 'appended' | 'known', event: EventRow, message?: MessageRow): AppendOutcome {
  return {
    outcome,
    sequence: event.sequence,
    micros: event.micros,
    id: message?.id ?? (0 as MessageId),
    ordinal: message?.ordinal ?? 0,
    version: event.version ?? 0,
  }
}

function visibleMessage(transaction: ModelTransaction, member: MemberRow, sequence: number): MessageRow | undefined {
  return sequence < member.visibleFrom ? undefined : transaction.get('messages', member.conversationId, sequence)
}

function change(transaction: ModelTransaction, entry: ChangeEntry, micros: number): AppendOutcome {
  const { conversationId, actorId, key, fingerprint, target } = entry
  const known = findByKey(transaction, conversationId, actorId, key)
  if (known !== undefined) {
    return known.fingerprint === fingerprint ? outcomeOf('known', known) : refused('key-reused')
  }
  const member = transaction.get('memberships', conversationId, actorId)
  const message = member && visibleMessage(transaction, member, target)
  if (member === undefined || message === undefined) return refused('not-found')
  if (!mayChange(transaction, entry, { member, message })) return refused('forbidden')
  if (message.deletedMicros !== null) return refused('message-deleted')
  if (entry.op === 'react' && hasTooMany(transaction, entry)) return refused('limit-reached')
  const version = apply(transaction, entry, message, micros)
  const kind = kinds[entry.op]
  const event = appendEvent(
    transaction,
    { stream: conversationId, kind, actorId, target, version, key, fingerprint },
    micros,
  )
  return outcomeOf('appended', event)
}

const kinds = {
  edit: 'message.edited',
  delete: 'message.deleted',
  react: 'reaction.changed',
  unreact: 'reaction.changed',
} as const

function mayChange(
  transaction: ModelTransaction,
  { op, actorId, conversationId }: ChangeEntry,
  { member, message }: { readonly member: MemberRow; readonly message: MessageRow },
): boolean {
  if (op === 'react' || op === 'unreact') return true
  // Another's words under their name are not changed.
  if (message.authorId === actorId) return op === 'delete' || message.forwardedFrom === null
  const isGroup = transaction.get('conversations', conversationId)?.kind === 'group'
  return op === 'delete' && isGroup && member.role !== 'member'
}

function hasTooMany(transaction: ModelTransaction, { conversationId, target, actorId, emoji }: ChangeEntry): boolean {
  const others = transaction.find(
    'reactions',
    row =>
      row.conversationId === conversationId &&
      row.sequence === target &&
      row.accountId === actorId &&
      row.emoji !== emoji,
  )
  return others.length >= limits.emojisPerPerson
}

/** Changes the message; answers with its version afterwards. */
function apply(transaction: ModelTransaction, entry: ChangeEntry, message: MessageRow, micros: number): number {
  const { conversationId, sequence, version } = message
  const onMessage = (row: { conversationId: number; sequence: number }) =>
    row.conversationId === conversationId && row.sequence === sequence
  switch (entry.op) {
    case 'edit': {
      const since = message.editedMicros ?? message.createdMicros
      transaction.insert('versions', { conversationId, sequence, version, body: message.body ?? '', micros: since })
      const { body, mentions } = entry
      transaction.put('messages', { ...message, body, mentions, version: version + 1, editedMicros: micros })
      return version + 1
    }
    case 'delete':
      for (const row of transaction.find('versions', onMessage)) transaction.delete('versions', row)
      for (const row of transaction.find('reactions', onMessage)) transaction.delete('reactions', row)
      for (const row of transaction.find('pins', onMessage)) transaction.delete('pins', row)
      detach(transaction, message, micros)
      transaction.put('messages', {
        ...message,
        body: null,
        mentions: [],
        forwardedFrom: null,
        attachments: [],
        version: version + 1,
        deletedMicros: micros,
      })
      return version + 1
    case 'react': {
      const row = { conversationId, sequence, accountId: entry.actorId, emoji: entry.emoji ?? '', micros }
      if (transaction.get('reactions', conversationId, sequence, row.accountId, row.emoji) === undefined) {
        transaction.insert('reactions', row)
      }
      return version
    }
    case 'unreact': {
      const row = transaction.get('reactions', conversationId, sequence, entry.actorId, entry.emoji ?? '')
      if (row !== undefined) transaction.delete('reactions', row)
      return version
    }
  }
}
