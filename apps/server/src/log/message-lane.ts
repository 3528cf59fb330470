/**
 * The sequencer: group commit for messages, edits, deletions and reactions. Upholds L1, L2 and L3.
 *
 * Entries that arrive while a transaction is in flight form the next batch; nobody waits on a timer, so under no load a
 * batch is one message. One transaction is in flight, which is what keeps order where a pool of connections would not.
 * A batch whose outcome is unknown is settled from the journal and repeated before any other: its keys make that
 * harmless. A batch that the database rejects is halved until the culprit stands alone.
 */
import type { Message, StreamEvent, StreamId } from '@recado/protocol'
import { type Clock, isoTime } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { isTransient } from '../outage.ts'
import { Refusal } from '../problem.ts'
import type { AppendEntry, AppendOutcome, SendEntry } from '../store/appending.ts'
import { type Commit, OutcomeUnknown, type Store } from '../store/store.ts'
import { type Announcer, nothingChanged } from './announcement.ts'
import type { Waiting } from './batch.ts'
import { storeRefusal } from './failure.ts'
import { LaneQueue } from './lane-queue.ts'
import { LaneWriter } from './lane-writer.ts'

/** How long an entry that was never sent to the database waits for it before it is refused as retryable. */
const patienceMs = 10_000
const transientAttempts = 3

type Finish = () => void
const nothingLeft: Finish = () => undefined

export interface MessageLaneOptions {
  readonly store: Pick<Store, 'openWriter' | 'recoverWriter'>
  readonly clock: Clock
  readonly logger: Logger
  readonly announcer: Announcer
  readonly onBatch?: (size: number) => void
}

export class MessageLane implements AsyncDisposable {
  readonly #options: MessageLaneOptions
  readonly #writer: LaneWriter
  readonly #queue = new LaneQueue()
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: MessageLaneOptions) {
    this.#options = options
    this.#writer = new LaneWriter(options)
  }

  append(entry: AppendEntry): Promise<AppendOutcome> {
    if (this.#closed) return Promise.reject(new Refusal('unavailable'))
    if (!this.#queue.admits(entry)) return Promise.reject(new Refusal('busy', { retryAfterMs: 500 }))
    return new Promise((resolve, reject) => {
      this.#queue.push({ entry, since: this.#options.clock.now(), resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Lets what is queued finish, then gives the writer up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const cancel = this.#options.clock.setTimer(patienceMs / 2, () => void this.#writer[Symbol.asyncDispose]())
    await this.#running
    cancel()
    await this.#writer[Symbol.asyncDispose]()
  }

  async #run(): Promise<void> {
    // The entries that are arriving in this very tick belong to the same batch.
    await Promise.resolve()
    let finish: Finish | null = null
    while (this.#queue.length > 0 || finish !== null) {
      if (this.#queue.length === 0) {
        finish?.()
        finish = null
        // What the resolved callers send at once belongs to this run.
        await Promise.resolve()
        continue
      }
      const batch = this.#queue.takeBatch()
      const stopWatching = this.#watchPatience()
      const committed = this.#commit(batch)
      // The database works on this batch while the last one is announced and answered.
      finish?.()
      finish = await committed
      stopWatching()
    }
    this.#running = null
  }

  /** While a batch is in flight, looks about once a second whether the queue behind it has waited too long. */
  #watchPatience(): () => void {
    let cancel: () => void = () => undefined
    const look = () => {
      this.#refuseImpatient()
      cancel = this.#options.clock.setTimer(1_000, look)
    }
    cancel = this.#options.clock.setTimer(patienceMs, look)
    return () => cancel()
  }

  /** Resolves once the batch is durable, to what then remains to be done: announce it and answer. */
  async #commit(batch: readonly Waiting[], attempt = 1): Promise<Finish> {
    const entries = batch.map(waiting => waiting.entry)
    try {
      const writer = this.#writer.current ?? (await this.#writer.get(patienceEnds(batch)))
      const { outcomes, commit } = await writer.appendBatch(entries)
      this.#options.onBatch?.(batch.length)
      return () => {
        if (commit !== null) this.#announce(entries, outcomes, commit)
        for (const [index, waiting] of batch.entries()) waiting.resolve(outcomes[index] as AppendOutcome)
      }
    } catch (error) {
      if (error instanceof OutcomeUnknown) return await this.#repeat(batch, error)
      if (isTransient(error) && attempt < transientAttempts) return await this.#commit(batch, attempt + 1)
      return await this.#giveUp(batch, error)
    }
  }

  async #repeat(batch: readonly Waiting[], { attempt }: OutcomeUnknown): Promise<Finish> {
    try {
      if (await this.#writer.settle(attempt)) this.#options.announcer.repairSoon()
    } catch (error) {
      this.#refuse([...batch, ...this.#queue.takeAll()], storeRefusal(error))
      return nothingLeft
    }
    return await this.#commit(batch)
  }

  /**
   * A refusal that invites a retry goes to everything that waits: were a later entry of the same sender written now,
   * the retry would come after it (L3). A refusal for good concerns the culprit alone.
   */
  async #giveUp(batch: readonly Waiting[], error: unknown): Promise<Finish> {
    const refusal = storeRefusal(error)
    if (refusal instanceof Refusal) this.#refuse([...batch, ...this.#queue.takeAll()], refusal)
    else if (batch.length > 1) {
      const middle = batch.length >> 1
      const finishFirst = await this.#commit(batch.slice(0, middle))
      finishFirst()
      return await this.#commit(batch.slice(middle))
    } else {
      this.#options.logger.error({ err: error }, 'the database rejected an entry')
      this.#refuse(batch, refusal)
    }
    return nothingLeft
  }

  /** Refuses all that waits once the first of it has waited too long; what is in flight stays undecided. */
  #refuseImpatient(): void {
    const { oldest } = this.#queue
    if (oldest !== undefined && this.#options.clock.now() - oldest.since >= patienceMs) {
      this.#refuse(this.#queue.takeAll(), new Refusal('unavailable'))
    }
  }

  #refuse(waiting: readonly Waiting[], error: unknown): void {
    for (const { reject } of waiting) reject(error)
  }

  #announce(entries: readonly AppendEntry[], outcomes: readonly AppendOutcome[], commit: Commit): void {
    this.#options.announcer.announce({ commit, events: eventsOf(entries, outcomes), changed: nothingChanged })
  }
}

/** Until when a batch of which nothing was sent yet waits for the database: nobody in it waits longer than behind one. */
function patienceEnds([first]: readonly Waiting[]): number {
  return (first?.since ?? 0) + patienceMs
}

/** The events of streams that only got new messages: their content is here. Streams with changes are read back. */
function eventsOf(entries: readonly AppendEntry[], outcomes: readonly AppendOutcome[]): Map<StreamId, StreamEvent[]> {
  const events = new Map<StreamId, StreamEvent[]>()
  const withChanges = new Set<StreamId>()
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index]
    if (outcome?.outcome !== 'appended') continue
    if (entry.op !== 'send') {
      withChanges.add(entry.conversationId)
      continue
    }
    const event: StreamEvent = {
      sequence: outcome.sequence,
      micros: outcome.micros,
      kind: 'message.created',
      actorId: entry.actorId,
      data: { message: createdMessage(entry, outcome) },
    }
    const list = events.get(entry.conversationId)
    if (list === undefined) events.set(entry.conversationId, [event])
    else list.push(event)
  }
  for (const stream of withChanges) events.delete(stream)
  return events
}

function createdMessage(entry: SendEntry, outcome: Extract<AppendOutcome, { outcome: 'appended' | 'known' }>): Message {
  return {
    conversationId: entry.conversationId,
    sequence: outcome.sequence,
    ordinal: outcome.ordinal,
    id: outcome.id,
    authorId: entry.actorId,
    clientMessageId: entry.key,
    body: entry.body,
    replyTo: entry.replyTo,
    mentions: [...entry.mentions],
    forwardedFrom: entry.forwardedFrom,
    version: 1,
    createdAt: isoTime(outcome.micros),
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...(entry.attachments.length === 0 ? {} : { attachments: [...entry.attachments] }),
  }
}
