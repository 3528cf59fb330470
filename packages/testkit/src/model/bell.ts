/** The bell's lines (N1): whom new events name, what is written and cleared, and how it is read. */
import type { AccountId, ConversationId } from '@recado/protocol'
import type { BellAnswer, BellCandidates, BellStore, ChangedBell, NewBellRow } from '@recado/server/store/bell.ts'
import type { MovedStream } from '@recado/server/store/store.ts'
import type { Call } from './accounts.ts'
import type { ModelTransaction } from './database.ts'
import { lockRegisters, registersOf } from './streams.ts'
import type { BellLine, View } from './tables.ts'

export function createBellStore(view: View, call: Call): BellStore {
  return {
    read: (accountId, above, limit) =>
      call(() => {
        const head = registersOf(view, accountId)
        const lines = view
          .find('bell', line => line.accountId === accountId)
          .map(line => ({ ...line, cleared: line.cleared || sentUpTo(view, line) >= line.sequence }))
          .sort((a, b) => b.id - a.id)
        if (above === null) {
          const open = lines.filter(line => !line.cleared).slice(0, limit)
          return { items: open.map(presentLine), version: head, more: false }
        }
        const changed = lines.filter(line => line.version > above)
        const version = changed.map(line => line.version).sort((a, b) => a - b)[limit - 1] ?? head
        const items = changed.filter(line => line.version <= version).map(presentLine)
        return { items, version, more: version < head }
      }),
    readCandidates: moved => call(() => readCandidates(view, moved)),
  }
}

/** The account's own newest message there. */
function sentUpTo(
  view: View,
  line: { readonly conversationId: ConversationId; readonly accountId: AccountId },
): number {
  return view.get('sent', line.conversationId, line.accountId)?.sequence ?? 0
}

/** Mentions and replies among messages, invitations to groups: never for their own author (L8). And who answered. */
function readCandidates(view: View, moved: readonly MovedStream[]): BellCandidates {
  const named = moved.flatMap(range => [...namedByMessages(view, range), ...invited(view, range)])
  const lines = named.filter(row => row.accountId !== row.actorId && maySee(view, row))
  return { lines, answers: moved.flatMap(range => answers(view, range, lines)) }
}

function maySee(view: View, row: NewBellRow): boolean {
  const member = view.get('memberships', row.conversationId, row.accountId)
  return member !== undefined && (row.kind === 'invitation' || row.sequence >= member.visibleFrom)
}

function messagesIn(view: View, { stream, from, to }: MovedStream) {
  return view.find('messages', row => row.conversationId === stream && row.sequence > from && row.sequence <= to)
}

function namedByMessages(view: View, range: MovedStream): NewBellRow[] {
  const messages = messagesIn(view, range).filter(row => row.deletedMicros === null)
  return messages.flatMap(({ conversationId, sequence, authorId, mentions, replyTo, createdMicros }) => {
    const line = { conversationId, sequence, actorId: authorId, micros: createdMicros }
    const lines: NewBellRow[] = mentions.map(accountId => ({ ...line, accountId, kind: 'mention' }))
    const quoted = replyTo === null ? undefined : view.get('messages', conversationId, replyTo)
    if (quoted !== undefined && !mentions.includes(quoted.authorId)) {
      lines.push({ ...line, accountId: quoted.authorId, kind: 'reply' })
    }
    return lines
  })
}

function invited(view: View, { stream, from, to }: MovedStream): NewBellRow[] {
  if (view.get('conversations', stream)?.kind !== 'group') return []
  const added = view.find(
    'events',
    row => row.stream === stream && row.sequence > from && row.sequence <= to && row.kind === 'member.added',
  )
  return added.map(row => ({
    accountId: row.target as AccountId,
    kind: 'invitation',
    conversationId: stream as ConversationId,
    sequence: row.sequence,
    actorId: row.actorId as AccountId,
    micros: row.micros,
  }))
}

/** The newest message of each author who has open lines up to it, or will have. */
function answers(view: View, range: MovedStream, lines: readonly NewBellRow[]): BellAnswer[] {
  return [...Map.groupBy(messagesIn(view, range), row => row.authorId)].flatMap(([accountId, messages]) => {
    const sequence = Math.max(...messages.map(row => row.sequence))
    const answer = { accountId, conversationId: range.stream as ConversationId, sequence }
    const isRinging = lines.some(
      row => row.accountId === accountId && row.conversationId === range.stream && row.sequence <= sequence,
    )
    return isRinging || view.find('bell', line => isAnswered(line, answer)).length > 0 ? [answer] : []
  })
}

function isAnswered(line: BellLine, answer: BellAnswer): boolean {
  const isTheirs = line.accountId === answer.accountId && line.conversationId === answer.conversationId
  return isTheirs && !line.cleared && line.sequence <= answer.sequence
}

/** Clears the open lines that `which` names. */
export async function clearLines(
  transaction: ModelTransaction,
  which: (line: BellLine) => boolean,
): Promise<ChangedBell[]> {
  const open = (line: BellLine) => !line.cleared && which(line)
  await lockRegisters(
    transaction,
    transaction.find('bell', open).map(line => line.accountId),
  )
  return writeLines(transaction, transaction.find('bell', open).map(asCleared))
}

const asCleared = (line: BellLine): BellLine => ({ ...line, cleared: true })

/** Writes lines that are not there yet, cleared if they were read or answered before, and clears what was answered. */
export async function ringBell(
  transaction: ModelTransaction,
  { lines: rows, answers }: BellCandidates,
): Promise<ChangedBell[]> {
  // For the rows of positions, which the SQL locks: whoever is reading now is waited for, or finds the lines.
  await lockRegisters(
    transaction,
    rows.map(row => row.conversationId),
  )
  await lockRegisters(
    transaction,
    [...rows, ...answers].map(row => row.accountId),
  )
  const written: BellLine[] = []
  for (const row of rows) {
    const { accountId, conversationId, sequence, kind } = row
    if (transaction.get('registerHeads', accountId) === undefined || !maySee(transaction, row)) continue
    const id = transaction.database.nextNumber('bell')
    const isSame = (line: BellLine) =>
      line.accountId === accountId &&
      line.conversationId === conversationId &&
      line.sequence === sequence &&
      line.kind === kind
    if (written.some(isSame) || transaction.find('bell', isSame).length > 0) continue
    const read = transaction.get('positions', conversationId, accountId)?.read ?? 0
    written.push({ ...row, id, cleared: Math.max(read, sentUpTo(transaction, row)) >= sequence, version: 0 })
  }
  const answered = transaction.find('bell', line => answers.some(answer => isAnswered(line, answer))).map(asCleared)
  return writeLines(transaction, [...written, ...answered])
}

/** Each account's lines take the next version of its bell. */
function writeLines(transaction: ModelTransaction, lines: readonly BellLine[]): ChangedBell[] {
  const inOrder = [...lines].sort((a, b) => a.id - b.id)
  return [...Map.groupBy(inOrder, line => line.accountId)].map(([accountId, group]) => {
    const version = registersOf(transaction, accountId) + 1
    transaction.put('registerHeads', { group: accountId, version })
    for (const line of group) transaction.put('bell', { ...line, version })
    return { accountId, version, items: group.map(presentLine) }
  })
}

function presentLine({ accountId: _, version: __, ...line }: BellLine) {
  return line
}
