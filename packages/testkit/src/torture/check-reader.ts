/** What a person was shown: everything that is theirs, once, in the order of the stream, and nothing else (L5, L8, L11). */
import { countUpTo } from './check-stream.ts'
import type { FinalView, Showing, ShownMessage, StoredConversation, Testimony, Violation } from './evidence.ts'
import { Sight } from './sight.ts'

/** The id under which an event appears that its reader may not see. */
export const voidId = -1

export function checkReader(stored: StoredConversation, testimony: Testimony): Violation[] {
  const sight = new Sight(stored)
  const ids = new Map(stored.messages.map(message => [message.sequence, message.id]))
  return [
    ...testimony.showings.flatMap(showing => checkShowing({ showing, ids, sight, accountId: testimony.accountId })),
    ...checkHoles(stored, testimony, sight),
    ...checkFinal(stored, testimony),
  ].map(({ kind, detail }) => ({ kind, detail: `${testimony.name}: ${detail}` }))
}

interface Shown {
  readonly showing: Showing
  readonly ids: ReadonlyMap<number, number>
  readonly sight: Sight
  readonly accountId: number
}

function checkShowing({ showing, ids, sight, accountId }: Shown): Violation[] {
  const violations: Violation[] = []
  let last = 0
  showing.sequences.forEach((sequence, index) => {
    const id = showing.ids[index] ?? 0
    if (sequence === last) violations.push({ kind: 'doubled', detail: `was shown event ${sequence} twice` })
    else if (sequence < last)
      violations.push({ kind: 'reordered', detail: `was shown event ${sequence} after ${last}` })
    last = Math.max(last, sequence)
    const visible = sight.maySee(accountId, sequence)
    if (id === voidId) {
      if (visible && ids.has(sequence)) violations.push({ kind: 'lost', detail: `message ${sequence} was hidden` })
    } else if (!visible) violations.push({ kind: 'leaked', detail: `was shown event ${sequence}` })
    else if (id !== (ids.get(sequence) ?? 0)) {
      violations.push({
        kind: 'altered',
        detail: `was shown ${id} as event ${sequence}, which is ${ids.get(sequence)}`,
      })
    }
  })
  return violations
}

/**
 * A life is shown everything from its first event on, and the next life goes on where the last one's storage was, which is
 * never ahead of what it had shown. Two exceptions: who was away in between, and who was added while the program died, for
 * then storage may not know the conversation yet and begins with it as it is.
 */
function checkHoles({ head }: StoredConversation, { accountId, showings }: Testimony, sight: Sight): Violation[] {
  const [stay, ...more] = sight.staysOf(accountId)
  if (stay === undefined || more.length > 0) return []
  const violations: Violation[] = []
  let reached = 0
  for (const [life, { sequences }] of showings.entries()) {
    let before = life === 0 || stay.from > 0 ? (sequences[0] ?? 1) - 1 : reached
    for (const sequence of sequences) {
      if (sequence > before + 1) {
        const where = before === reached && sequence === sequences[0] ? 'between two lives' : 'within a life'
        violations.push({ kind: 'lost', detail: `was never shown ${before + 1} to ${sequence - 1}, ${where}` })
      }
      before = Math.max(before, sequence)
    }
    reached = Math.max(reached, before)
  }
  // Who was removed may no longer read what came just before.
  if (reached > 0 && reached < head.sequence && stay.to === Number.POSITIVE_INFINITY) {
    violations.push({ kind: 'lost', detail: `was never shown what came after ${reached}` })
  }
  return violations
}

/** What the client holds at the end, against what the database holds. */
export function checkFinal(stored: StoredConversation, testimony: Testimony): Violation[] {
  const { final, marked, accountId } = testimony
  const member = stored.members.find(row => row.accountId === accountId)
  if (stored.kind === 'account') return []
  if (member === undefined) {
    return final === null ? [] : [{ kind: 'leaked', detail: `still shows conversation ${stored.id}` }]
  }
  if (final === null) return [{ kind: 'late', detail: `does not show conversation ${stored.id}` }]
  const violations: Violation[] = []
  if (final.head.sequence !== stored.head.sequence || final.head.ordinal !== stored.head.ordinal) {
    violations.push({
      kind: 'late',
      detail: `shows the head at ${final.head.sequence}, it is at ${stored.head.sequence}`,
    })
  }
  if (final.read !== member.read || member.read < marked) {
    violations.push({
      kind: 'miscounted',
      detail: `marked ${marked} as read, shows ${final.read}, the server has ${member.read}`,
    })
  }
  const unread = stored.messages.length - countUpTo(stored, member.read)
  if (final.unread !== unread) {
    violations.push({ kind: 'miscounted', detail: `shows ${final.unread} unread, a recount says ${unread}` })
  }
  // Of an earlier stay a device keeps nothing.
  const since = new Sight(stored).staysOf(accountId).at(-1)?.from ?? 0
  const visible = stored.messages.filter(message => message.sequence >= since)
  return [...violations, ...checkMessages(visible, final), ...checkPositions(stored, final)]
}

function checkMessages(visible: readonly ShownMessage[], final: FinalView): Violation[] {
  const kept = visible.filter(message => message.sequence >= final.from)
  return [
    ...compare('stores', kept, final.stored),
    ...compare('opens with', visible.slice(visible.length - final.opened.length), final.opened),
  ]
}

const fields = ['sequence', 'ordinal', 'id', 'authorId', 'key', 'body', 'version'] as const

function compare(verb: string, expected: readonly ShownMessage[], shown: readonly ShownMessage[]): Violation[] {
  if (expected.length !== shown.length) {
    return [{ kind: 'lost', detail: `${verb} ${shown.length} messages instead of ${expected.length}` }]
  }
  return expected.flatMap((message, index): Violation[] => {
    const other = shown[index]
    const different = fields.filter(field => message[field] !== other?.[field])
    if (different.length === 0) return []
    const kind = different.includes('sequence') ? 'reordered' : 'altered'
    return [{ kind, detail: `${verb} another ${different.join(', ')} of message ${message.sequence}` }]
  })
}

function checkPositions({ members }: StoredConversation, { positions }: FinalView): Violation[] {
  return members.flatMap(({ accountId, delivered, read }): Violation[] => {
    const shown = positions.get(accountId)
    if (shown?.delivered === delivered && shown.read === read) return []
    const told = shown ? `${shown.delivered}/${shown.read}` : 'nothing'
    return [{ kind: 'miscounted', detail: `shows ${told} as the position of ${accountId}, it is ${delivered}/${read}` }]
  })
}
