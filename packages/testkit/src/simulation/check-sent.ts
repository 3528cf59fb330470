/**
 * What the programs took over from their people is in the log once, or still shown as refused; what was refused, taken back,
 * given back or thrown away is not in the log, and does not come up again (S2, L3).
 */
import type { ConversationItem, ConversationSnapshot, PendingView } from '@recado/client'
import type { MessageRow } from '../model/tables.ts'
import type { Shown } from './check-client.ts'
import type { Complain } from './check-log.ts'
import type { Facts } from './facts.ts'
import type { Record, SentText } from './record.ts'

/** What was on the wire when somebody threw it away may still arrive, but not for longer than this. */
const underWayMs = 30_000

export function checkSent(facts: Facts, shown: readonly Shown[], record: Record, complain: Complain): void {
  const logged = new Logged(facts)
  const pending = Map.groupBy(
    shown.flatMap(({ machine, opened }) => [...opened.values()].flatMap(pendingOf).map(item => ({ machine, item }))),
    ({ machine, item }) => `${machine} ${item.body}`,
  )
  for (const text of record.sent) {
    const left = pending.get(`${text.machine} ${text.body}`) ?? []
    checkText(text, logged, { left: left.map(({ item }) => item), record, complain })
  }
}

interface Found {
  /** As every tab of its machine shows it. */
  readonly left: readonly PendingView[]
  readonly record: Record
  readonly complain: Complain
}

function checkText(text: SentText, logged: Logged, { left, record, complain }: Found): void {
  const { body, state } = text
  const here = logged.find(text)
  if (logged.copies(body) > 1 || here.length > 1) complain(`was sent more than once: ${body}`)
  if (left.some(item => item.state !== 'refused')) complain(`was not sent: ${body}`)
  if (state === 'cancelled' || state === 'given back') {
    if (here.length > 0) complain(`was ${state} and appears: ${body}`)
    if (left.length > 0) complain(`was ${state} and is shown again: ${body}`)
  }
  if (state !== 'accepted') return
  const discards = record.discards.filter(discard => discard.machine === text.machine && text.at <= discard.to)
  if (here.length === 0 && left.length === 0 && discards.length === 0) complain(`is missing: ${body}`)
  if (here.length > 0 && left.length > 0) complain(`is in the log and shown as refused: ${body}`)
  // Where the program died in the middle, nothing may have been thrown away yet.
  const first = discards.find(({ from, to }) => text.at <= from && to < Number.POSITIVE_INFINITY)
  if (first === undefined) return
  const late = here.some(row => row.createdMicros / 1000 > first.to + underWayMs)
  if (late) complain(`was thrown away and appears: ${body}`)
  if (left.length > 0) complain(`was thrown away and is shown again: ${body}`)
}

/** The messages of the log by what was promised of them. */
class Logged {
  readonly #byKey: ReadonlyMap<string, readonly MessageRow[]>
  readonly #byBody: ReadonlyMap<string | null, readonly MessageRow[]>

  constructor({ tables }: Facts) {
    const messages = [...tables.messages.values()]
    const versions = [...tables.versions.values()].filter(row => row.version === 1)
    const first = new Map(versions.map(row => [`${row.conversationId} ${row.sequence}`, row.body]))
    this.#byKey = Map.groupBy(messages, row => `${row.authorId} ${row.key}`)
    // A forward is another message with the same words.
    const written = messages.filter(row => row.forwardedFrom === null)
    this.#byBody = Map.groupBy(written, row => first.get(`${row.conversationId} ${row.sequence}`) ?? row.body)
  }

  find({ accountId, body, key }: SentText): readonly MessageRow[] {
    return (key === null ? this.#byBody.get(body) : this.#byKey.get(`${accountId} ${key}`)) ?? []
  }

  copies(body: string): number {
    return this.#byBody.get(body)?.length ?? 0
  }
}

function pendingOf(snapshot: ConversationSnapshot): PendingView[] {
  return snapshot.items.flatMap((item: ConversationItem) =>
    item.type === 'pending' && item.forwardedFrom === null ? [item] : [],
  )
}
