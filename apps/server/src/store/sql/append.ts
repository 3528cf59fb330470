import { limits, type MessageId, type StreamId } from '@recado/protocol'
import type { Client } from 'pg'
import type { AppendEntry, AppendOutcome, AppendRefusal, ChangeEntry, SendEntry } from '../appending.ts'
import type { Attempt, Commit, MovedStream } from '../store.ts'

export interface BatchResult {
  readonly outcomes: readonly AppendOutcome[]
  readonly commit: Commit | null
}

/** entry (1-based; -1: a stream that moved), outcome, sequence, ordinal, id, micros, version */
type Row = [number, string, number, number, number, number, number]

const appendText =
  'select * from append_batch($1::smallint,$2::bigint,$3::bigint,$4::bigint[],$5::bigint[],$6::text[],$7::text[],$8::text[],$9::bigint[],$10::text[],$11::bigint[],$12::text[],$13::jsonb,$14)'

/** Appends a batch in one call and one transaction (see migrations 0006 and 0009). Outcomes are in the order of the entries. */
export async function appendBatch(
  client: Client,
  attempt: Attempt,
  entries: readonly AppendEntry[],
): Promise<BatchResult> {
  const sends: SendEntry[] = []
  const changes: ChangeEntry[] = []
  /** For each entry its number in what it was sent as: sends from 1, changes from -2 downwards. */
  const places = entries.map(entry => (entry.op === 'send' ? sends.push(entry) : -1 - changes.push(entry)))
  const { rows } = await client.query<Row>({
    name: 'append_batch',
    text: appendText,
    rowMode: 'array',
    values: [
      attempt.slot,
      attempt.number,
      attempt.incarnation,
      sends.map(entry => entry.conversationId),
      sends.map(entry => entry.actorId),
      sends.map(entry => entry.key),
      sends.map(entry => entry.fingerprint),
      sends.map(entry => entry.body),
      sends.map(entry => entry.replyTo),
      sends.map(entry => (entry.mentions.length === 0 ? null : `{${entry.mentions.join(',')}}`)),
      sends.map(entry => entry.forwardedFrom),
      sends.map(attachmentsOf),
      changes.length === 0 ? null : JSON.stringify(changes.map(changeRow)),
      limits.emojisPerPerson,
    ],
  })
  const streams: MovedStream[] = []
  const outcomes = new Map<number, AppendOutcome>()
  for (const row of rows) {
    if (row[0] === -1) streams.push({ stream: row[2] as StreamId, from: row[3], to: row[4] })
    else outcomes.set(row[0], parseOutcome(row))
  }
  return {
    outcomes: places.map(place => requireOutcome(outcomes, place)),
    commit: streams.length === 0 ? null : { writer: attempt.slot, number: attempt.number, streams, registers: [] },
  }
}

function attachmentsOf({ attachments }: SendEntry): string | null {
  return attachments.length === 0 ? null : `{${attachments.map(({ id }) => id).join(',')}}`
}

function changeRow(entry: ChangeEntry, index: number) {
  return {
    entry: -2 - index,
    op: entry.op,
    stream: entry.conversationId,
    actor: entry.actorId,
    key: entry.key,
    fingerprint: entry.fingerprint,
    target: entry.target,
    body: entry.body,
    mentions: entry.mentions.length === 0 ? null : entry.mentions,
    emoji: entry.emoji,
  }
}

function parseOutcome([, outcome, sequence, ordinal, id, micros, version]: Row): AppendOutcome {
  if (outcome === 'appended' || outcome === 'known') {
    return { outcome, sequence, ordinal, id: id as MessageId, micros, version }
  }
  return { outcome: 'refused', code: outcome as AppendRefusal }
}

function requireOutcome(outcomes: ReadonlyMap<number, AppendOutcome>, place: number): AppendOutcome {
  const outcome = outcomes.get(place)
  if (outcome === undefined) throw new Error('the append gave no outcome for an entry')
  return outcome
}
