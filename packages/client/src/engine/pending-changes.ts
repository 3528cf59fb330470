/** What was done to messages and is not on the server yet, laid over them as they are known here. */
import type { AccountId, Message } from '@recado/protocol'
import type { PendingChange } from '../types.ts'
import { withEmojis } from './messages.ts'
import { isChange, type OutboxItem, stateOf } from './outbox-items.ts'

export type ChangesBySequence = ReadonlyMap<number, readonly PendingChange[]>

export const noChanges: readonly PendingChange[] = []

/** Of one conversation, by the message that they are about, in order. Those that look as before are the same objects. */
export function groupChanges(items: Iterable<OutboxItem>, before: ChangesBySequence): ChangesBySequence {
  const groups = new Map<number, PendingChange[]>()
  for (const item of items) {
    if (!isChange(item)) continue
    const { id, change, createdAt, refused } = item.row
    const fresh: PendingChange = { entryId: id, change, createdAt, state: stateOf(item), problem: refused }
    const group = groups.get(change.sequence) ?? []
    groups.set(change.sequence, group)
    const known = before.get(change.sequence)?.[group.length]
    group.push(known && isSame(known, fresh) ? known : fresh)
  }
  for (const [sequence, group] of groups) {
    const known = before.get(sequence)
    if (known?.length === group.length && known.every((change, index) => change === group[index])) {
      groups.set(sequence, known as PendingChange[])
    }
  }
  return groups
}

function isSame(a: PendingChange, b: PendingChange): boolean {
  return a.entryId === b.entryId && a.change === b.change && a.state === b.state && a.problem === b.problem
}

/** The message as it will be once all this is done. What was refused is not done. */
export function withChanges(message: Message, changes: readonly PendingChange[], me: AccountId): Message {
  let result = message
  for (const pending of changes) if (pending.state !== 'refused') result = withChange(result, pending, me)
  return result
}

function withChange(message: Message, { change, createdAt }: PendingChange, me: AccountId): Message {
  if (message.body === null) return message
  switch (change.kind) {
    case 'edit':
      return { ...message, body: change.body, mentions: [...change.mentions], editedAt: createdAt }
    case 'delete':
      return { ...message, body: null, mentions: [], forwardedFrom: null, deletedAt: createdAt, reactions: [] }
    case 'react':
    case 'unreact': {
      const own = message.reactions.filter(reaction => reaction.accountIds.includes(me)).map(({ emoji }) => emoji)
      const rest = own.filter(emoji => emoji !== change.emoji)
      const emojis = change.kind === 'react' ? [...rest, change.emoji] : rest
      return withEmojis(message, { sequence: message.sequence, accountId: me, emojis })
    }
    default:
      return message
  }
}

/** Whether it is marked once these are done: `on` and `off` are the changes that mark it and take the mark off. */
export function markedAfter(
  changes: readonly PendingChange[],
  [on, off]: readonly ['pin', 'unpin'] | readonly ['save', 'unsave'],
  now: boolean,
): boolean {
  let marked = now
  for (const { change, state } of changes) {
    if (state === 'refused') continue
    if (change.kind === on) marked = true
    else if (change.kind === off || (change.kind === 'delete' && on === 'pin')) marked = false
  }
  return marked
}
