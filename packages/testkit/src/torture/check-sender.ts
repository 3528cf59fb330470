/** What a person was promised as a sender: kept texts arrive once and in order, and acknowledgements were true (L2, L3). */
import type { StoredConversation, StoredMessage, Testimony, Violation } from './evidence.ts'

export function checkSender(stored: StoredConversation, testimony: Testimony): Violation[] {
  return [
    ...checkSendings(stored, testimony),
    ...checkAcknowledgements(stored, testimony),
    ...checkChanges(stored, testimony),
  ].map(({ kind, detail }) => ({ kind, detail: `${testimony.name}: ${detail}` }))
}

function checkSendings(stored: StoredConversation, { accountId, sendings, changes }: Testimony): Violation[] {
  const violations: Violation[] = []
  const own = groupByKey(stored.messages.filter(message => message.authorId === accountId))
  const bodies = lastBodies(stored, changes)
  let last = 0
  for (const { key, body, outcome } of sendings) {
    const [message, ...more] = own.get(key) ?? []
    own.delete(key)
    if (more.length > 0) violations.push({ kind: 'doubled', detail: `"${body}" is stored ${more.length + 1} times` })
    if (message === undefined) {
      if (outcome === 'kept') violations.push({ kind: 'lost', detail: `"${body}" was kept and is not stored` })
      continue
    }
    if (outcome === 'refused')
      violations.push({ kind: 'broken', detail: `"${body}" was refused and is stored all the same` })
    if (message.sequence < last) {
      violations.push({
        kind: 'reordered',
        detail: `"${body}" overtook one sent before: ${message.sequence} after ${last}`,
      })
    }
    last = Math.max(last, message.sequence)
    if (message.body !== (bodies.get(message.sequence) ?? body)) {
      violations.push({ kind: 'altered', detail: `"${body}" is stored as "${message.body}"` })
    }
  }
  for (const [message] of own.values()) {
    violations.push({ kind: 'altered', detail: `"${message?.body}" was never sent` })
  }
  return violations
}

function groupByKey(messages: readonly StoredMessage[]): Map<string, StoredMessage[]> {
  const groups = new Map<string, StoredMessage[]>()
  for (const message of messages) {
    const group = groups.get(message.key)
    if (group) group.push(message)
    else groups.set(message.key, [message])
  }
  return groups
}

/** The bodies of edited messages: the last edit in the stream decides. */
function lastBodies({ events }: StoredConversation, changes: readonly Change[]): Map<number, string> {
  const edits = new Map(changes.map(change => [change.key, change]))
  const bodies = new Map<number, string>()
  for (const { kind, key, target } of events) {
    if (kind !== 'message.edited' || key === null || target === null) continue
    const body = edits.get(key)?.body
    if (typeof body === 'string') bodies.set(target, body)
  }
  return bodies
}

type Change = Testimony['changes'][number]

function checkAcknowledgements(stored: StoredConversation, testimony: Testimony): Violation[] {
  const messages = new Map(stored.messages.map(message => [message.sequence, message]))
  const first = new Map<string, Testimony['acknowledgements'][number]>()
  return testimony.acknowledgements.flatMap((acknowledgement): Violation[] => {
    const { key, id, sequence, ordinal } = acknowledgement
    const earlier = first.get(key) ?? acknowledgement
    first.set(key, earlier)
    if (earlier.sequence !== sequence) {
      return [{ kind: 'doubled', detail: `${key} was acknowledged as ${earlier.sequence} and as ${sequence}` }]
    }
    const message = messages.get(sequence)
    if (message === undefined || message.key !== key || message.authorId !== testimony.accountId) {
      return [{ kind: 'lost', detail: `${key} was acknowledged as ${sequence} and is not there` }]
    }
    if (message.id === id && message.ordinal === ordinal) return []
    return [{ kind: 'altered', detail: `${key} was acknowledged with another id or ordinal than it has` }]
  })
}

function checkChanges(stored: StoredConversation, testimony: Testimony): Violation[] {
  const events = new Map(stored.events.map(event => [event.sequence, event]))
  return testimony.changes.flatMap(({ key, kind, sequence }): Violation[] => {
    if (sequence === null) return []
    const event = events.get(sequence)
    if (event?.key === key && event.kind === kind && event.actorId === testimony.accountId) return []
    return [{ kind: 'lost', detail: `${kind} was acknowledged as ${sequence} and is not there` }]
  })
}
