/**
 * What an event does to a message: pure, and the same for windows in memory and rows in the cache. Events carry the
 * target as it was when presented (L12), so applying one twice, or after a newer page, converges on the newest state.
 */
import { type EventData, type Message, type StreamEvent, targetOf } from '@recado/protocol'

/** The message after the event; the same object if nothing changed. Only `message.created` makes one appear. */
export function applyToMessage(message: Message | undefined, event: StreamEvent): Message | undefined {
  switch (event.kind) {
    case 'message.created':
      return message ? newest(message, event.data.message) : event.data.message
    case 'message.edited':
    case 'message.deleted':
      return message && newest(message, event.data.message)
    case 'reaction.changed':
      return message && withEmojis(message, event.data)
    default:
      return message
  }
}

export function newest(known: Message, incoming: Message): Message {
  return incoming.version > known.version ? incoming : known
}

/** `emojis` replaces all that this person had left; an emoji keeps its place while anybody still leaves it. */
export function withEmojis(message: Message, change: EventData['reaction.changed']): Message {
  const { accountId, emojis } = change
  const reactions = message.reactions
    .map(reaction => {
      const others = reaction.accountIds.filter(id => id !== accountId)
      if (!emojis.includes(reaction.emoji)) return { emoji: reaction.emoji, accountIds: others }
      return reaction.accountIds.includes(accountId)
        ? reaction
        : { emoji: reaction.emoji, accountIds: [...others, accountId] }
    })
    .filter(reaction => reaction.accountIds.length > 0)
  for (const emoji of emojis) {
    if (!reactions.some(reaction => reaction.emoji === emoji)) reactions.push({ emoji, accountIds: [accountId] })
  }
  return { ...message, reactions }
}

/** Where `sequence` is in messages sorted by it, or would be inserted. */
export function indexOfSequence(messages: readonly Message[], sequence: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = messages[middle]
    if (at && at.sequence < sequence) low = middle + 1
    else high = middle
  }
  return low
}

export function findBySequence(messages: readonly Message[], sequence: number): Message | undefined {
  const found = messages[indexOfSequence(messages, sequence)]
  return found?.sequence === sequence ? found : undefined
}

/** Applies an event in place; returns whether anything changed. `appends`: whether new messages belong to this list. */
export function applyToList(messages: Message[], event: StreamEvent, appends: 'append' | 'only-known'): boolean {
  const target = targetOf(event)
  if (target === null) return false
  const index = indexOfSequence(messages, target)
  const known = messages[index]?.sequence === target ? messages[index] : undefined
  if (!known && appends === 'only-known') return false
  const next = applyToMessage(known, event)
  if (!next || next === known) return false
  messages.splice(index, known ? 1 : 0, next)
  return true
}

/** Puts a page into a sorted list in place, keeping the newest version of what is in both. */
export function mergePage(messages: Message[], page: readonly Message[]): void {
  const first = page[0]
  if (!first) return
  const last = messages.at(-1)
  if (!last || last.sequence < first.sequence) {
    messages.push(...page)
    return
  }
  for (const message of page) {
    const index = indexOfSequence(messages, message.sequence)
    const known = messages[index]
    if (known?.sequence === message.sequence) messages[index] = newest(known, message)
    else messages.splice(index, 0, message)
  }
}
