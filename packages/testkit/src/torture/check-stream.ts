/** A stream by itself: dense, each message once and at its place, registers that equal a recount (L1, L3, L11). */
import type { StoredConversation, Violation } from './evidence.ts'

export function checkStream(stored: StoredConversation): Violation[] {
  return [...checkEvents(stored), ...checkMessages(stored), ...checkMembers(stored)]
}

function checkEvents({ events, head }: StoredConversation): Violation[] {
  const violations: Violation[] = []
  const keys = new Set<string>()
  events.forEach((event, index) => {
    if (event.sequence !== index + 1) {
      violations.push({ kind: 'lost', detail: `event ${index + 1} is missing: ${event.sequence} comes in its place` })
    }
    if (event.key === null) return
    const key = `${event.actorId} ${event.key}`
    if (keys.has(key)) violations.push({ kind: 'doubled', detail: `two events with the key ${event.key}` })
    keys.add(key)
  })
  if (head.sequence !== (events.at(-1)?.sequence ?? 0)) {
    violations.push({
      kind: 'miscounted',
      detail: `the head is at ${head.sequence}, ${events.length} events are stored`,
    })
  }
  return violations.slice(0, manyPerStream)
}

/** After a first hole everything is at the wrong place: the rest says nothing new. */
const manyPerStream = 20

function checkMessages({ events, messages, head }: StoredConversation): Violation[] {
  const violations: Violation[] = []
  const created = new Map(
    events.flatMap(event => (event.kind === 'message.created' ? [[event.sequence, event] as const] : [])),
  )
  const keys = new Set<string>()
  messages.forEach((message, index) => {
    if (message.ordinal !== index + 1) {
      violations.push({
        kind: 'miscounted',
        detail: `message ${message.sequence} is number ${index + 1}, not ${message.ordinal}`,
      })
    }
    const key = `${message.authorId} ${message.key}`
    if (keys.has(key)) violations.push({ kind: 'doubled', detail: `two messages with the key ${message.key}` })
    keys.add(key)
    const event = created.get(message.sequence)
    if (event === undefined) violations.push({ kind: 'lost', detail: `message ${message.sequence} has no event` })
    else if (event.actorId !== message.authorId || event.key !== message.key) {
      violations.push({ kind: 'altered', detail: `message ${message.sequence} is not what its event says` })
    }
  })
  if (created.size !== messages.length) {
    violations.push({ kind: 'lost', detail: `${created.size} messages were created, ${messages.length} are stored` })
  }
  if (head.ordinal !== messages.length) {
    violations.push({
      kind: 'miscounted',
      detail: `the head counts ${head.ordinal} messages, ${messages.length} are stored`,
    })
  }
  return violations.slice(0, manyPerStream)
}

function checkMembers(stored: StoredConversation): Violation[] {
  return stored.members.flatMap(({ accountId, delivered, read, readOrdinal }) => {
    const violations: Violation[] = []
    const recount = countUpTo(stored, read)
    if (readOrdinal !== recount) {
      violations.push({
        kind: 'miscounted',
        detail: `${accountId} read ${readOrdinal} messages up to ${read}, a recount says ${recount}`,
      })
    }
    if (Math.max(read, delivered) > stored.head.sequence) {
      violations.push({ kind: 'miscounted', detail: `the position of ${accountId} is beyond the head` })
    }
    return violations
  })
}

/** How many messages there are up to a sequence, counted anew. */
export function countUpTo({ messages }: StoredConversation, sequence: number): number {
  return messages.reduce((count, message) => count + (message.sequence <= sequence ? 1 : 0), 0)
}
