/**
 * What an event stream owes to a client that comes back with a mark (S1): the events of each of its streams in sequence,
 * and the registers as they are now, positions and bell, of every group that moved since (L11). Afterwards the client
 * has what one has that fetched everything.
 *
 * Bounded (L10): by commits, streams and events. What is more is not told here, but by the heads of all streams. Reads
 * grow with the streams that moved and the pages of their events, never with members or with all that is followed.
 */
import { type AccountId, type ConversationId, limits, type MailId, type StreamId } from '@recado/protocol'
import { presentTo } from '../access/sight.ts'
import { commitsBetween, parseMark } from '../log/vector.ts'
import type { ChangedPositions } from '../store/registers.ts'
import type { Commit, MembershipRow, Store, Vector } from '../store/store.ts'
import { Frame } from './frame.ts'
import { type Attached, presentBell } from './gateway.ts'
import { readStatusFrame } from './mail-statuses.ts'
import { PositionFrames } from './position-frames.ts'

const replayCommits = 2_000
const replayStreams = 500
const eventsPerRead = 500

/** One stream of the account that moved since the mark. */
interface Missed {
  /** Events above this, up to `to`; what lies above is sent live. */
  from: number
  to: number
  /** Rows above this version of its registers; null if none moved. */
  above: number | null
}

/** Null when what was missed cannot be told cheaply, or the mark is of another history. */
export type MissedStreams = {
  readonly streams: ReadonlyMap<StreamId, Missed>
  /** Register groups that are none of the account's streams: some may be mails of its own. */
  readonly others: readonly StreamId[]
} | null

export async function findMissed(store: Store, mark: string, attached: Attached): Promise<MissedStreams> {
  const from = parseMark(store.epoch, mark)
  const to = parseMark(store.epoch, attached.mark)
  if (from === null || to === null) return null
  const count = commitsBetween(from, to)
  if (count === null || count > replayCommits) return null
  const commits = await store.readJournal(from, replayCommits)
  // Fewer than the numbers promise: the journal no longer reaches back to this mark.
  if (commits.filter(commit => isWithin(to, commit)).length < count) return null
  const missed = gather(commits, new Map(attached.heads.map(head => [head.stream, head.sequence])))
  let events = 0
  for (const stream of missed.values()) events += stream.to - stream.from
  if (missed.size > replayStreams || events > limits.replayEvents) return null
  const groups = new Set(commits.flatMap(commit => commit.registers.map(({ group }) => group)))
  return { streams: missed, others: [...groups].filter(group => !missed.has(group)) }
}

function isWithin(vector: Vector, { writer, number }: Commit): boolean {
  return number <= (vector.get(writer) ?? 0)
}

/** Of the streams with these heads, what the commits moved. */
function gather(commits: readonly Commit[], heads: ReadonlyMap<StreamId, number>): Map<StreamId, Missed> {
  const missed = new Map<StreamId, Missed>()
  const missedOf = (stream: StreamId): Missed | null => {
    const head = heads.get(stream)
    if (head === undefined) return null
    const known = missed.get(stream) ?? { from: head, to: head, above: null }
    missed.set(stream, known)
    return known
  }
  for (const { streams, registers } of commits) {
    for (const { stream, from } of streams) {
      const known = missedOf(stream)
      if (known !== null) known.from = Math.min(known.from, from)
    }
    for (const { group, version } of registers) {
      const known = missedOf(group)
      if (known !== null) known.above = Math.min(known.above ?? version, version - 1)
    }
  }
  return missed
}

/** The frames of what was missed, stream by stream, events before registers. */
export async function* readMissed(
  store: Store,
  accountId: AccountId,
  missed: NonNullable<MissedStreams>,
): AsyncGenerator<Frame> {
  for (const [stream, { from, to, above }] of missed.streams) {
    if (stream === accountId) {
      yield* readEvents(store, stream, { from, to, visibleFrom: 0 })
      if (above !== null) yield* readBell(store, accountId, above)
      continue
    }
    const membership = await store.findMembership(stream as ConversationId, accountId)
    if (membership === null) continue
    yield* readEvents(store, stream, { from, to, visibleFrom: membership.visibleFrom })
    if (above !== null) yield* readPositions(store, membership, above)
  }
  // Always one statement, so that what others did decides nothing about the cost (L7).
  for (const row of await store.mail.readStatuses(missed.others as readonly MailId[])) {
    if (row.authorId === accountId) yield await readStatusFrame(store, row, 0)
  }
}

async function* readEvents(
  store: Store,
  stream: StreamId,
  { from, to, visibleFrom }: { readonly from: number; readonly to: number; readonly visibleFrom: number },
): AsyncGenerator<Frame> {
  for (let after = from; after < to; ) {
    const { items } = await store.readEvents(stream, after, Math.min(eventsPerRead, to - after))
    for (const event of items) yield Frame.event(stream, presentTo(visibleFrom, event))
    const last = items.at(-1)
    if (last === undefined) return
    after = last.sequence
  }
}

/** As live: of more than are told to everybody one's own only, as of no newer version, because the others are left out. */
async function* readPositions(
  store: Store,
  { conversationId, accountId }: MembershipRow,
  above: number,
): AsyncGenerator<Frame> {
  const read = async (after: number, limit: number): Promise<ChangedPositions> => {
    return { conversationId, ...(await store.readPositions({ conversationId, above, after, limit })) }
  }
  let changed = await read(0, limits.positionsBroadcastMembers + 1)
  if (changed.items.length > limits.positionsBroadcastMembers) {
    const own = await read(accountId - 1, 1)
    changed = { ...own, version: above, items: own.items.filter(item => item.accountId === accountId) }
  }
  const frame = new PositionFrames(changed).for(accountId)
  if (frame !== null) yield frame
}

async function* readBell(store: Store, accountId: AccountId, above: number): AsyncGenerator<Frame> {
  for (let from = above; ; ) {
    const { items, version, more } = await store.bell.read(accountId, from, limits.eventsPageSize)
    if (items.length > 0) yield Frame.register(accountId, { type: 'bell', version, items: items.map(presentBell) })
    if (!more) return
    from = version
  }
}
