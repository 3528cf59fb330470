/**
 * The node's reader (L5): applies announced commits to the streams followed here, in sequence, and reads a stream when a
 * hint is missing, later than the next event, or without content. One read per stream is under way at a time and serves
 * everybody who follows it.
 */
import type { AccountId, ConversationId, StreamEvent, StreamId } from '@recado/protocol'
import type { Clock } from '../clock.ts'
import type { Announcement } from '../log/announcement.ts'
import type { Logger } from '../logger.ts'
import type { ChangedBell } from '../store/bell.ts'
import type { ChangedPositions } from '../store/registers.ts'
import type { Commit, Store } from '../store/store.ts'
import type { FollowedStream } from './followed-stream.ts'

const eventsPerRead = 500
const rowsPerRead = 500
const retryMs = 250

export interface Delivery {
  deliverEvent(stream: FollowedStream, event: StreamEvent): void
  deliverPositions(stream: FollowedStream, changed: ChangedPositions): void
  deliverBell(stream: FollowedStream, changed: ChangedBell): void
}

export interface NodeReaderOptions {
  readonly store: Pick<Store, 'readEvents' | 'readPositions' | 'bell'>
  readonly clock: Clock
  readonly logger: Logger
  readonly delivery: Delivery
  followed(stream: StreamId): FollowedStream | undefined
}

export class NodeReader {
  readonly #options: NodeReaderOptions
  #reads = 0

  constructor(options: NodeReaderOptions) {
    this.#options = options
  }

  /** Whether every followed stream is as far as the commits that were applied. */
  get isSettled(): boolean {
    return this.#reads === 0
  }

  /** Applies an announcement: in sequence at once, else by a read. */
  apply({ commit, events, changed }: Announcement): void {
    for (const moved of commit.streams) {
      const stream = this.#options.followed(moved.stream)
      if (stream !== undefined) this.#applyStream(stream, moved.to, events.get(moved.stream))
    }
    for (const group of changed.positions)
      this.#applyRegisters(group.conversationId, group.version, stream =>
        this.#options.delivery.deliverPositions(stream, group),
      )
    for (const group of changed.bells)
      this.#applyRegisters(group.accountId, group.version, stream => this.#options.delivery.deliverBell(stream, group))
  }

  /** Applies a commit of which only the journal's row is known. */
  repair(commit: Commit): void {
    for (const { stream, to } of commit.streams) this.want(stream, to, 0)
    for (const { group, version } of commit.registers) this.want(group, 0, version)
  }

  /** Makes sure that a followed stream gets as far as this. */
  want(id: StreamId, sequence: number, registers: number): void {
    const stream = this.#options.followed(id)
    if (stream === undefined) return
    stream.wantedSequence = Math.max(stream.wantedSequence, sequence)
    stream.wantedRegisters = Math.max(stream.wantedRegisters, registers)
    this.#readIfBehind(stream)
  }

  #applyStream(stream: FollowedStream, to: number, events: readonly StreamEvent[] | undefined): void {
    if (events?.[0]?.sequence === stream.sequence + 1) {
      for (const event of events) this.#deliver(stream, event)
    }
    if (stream.sequence < to) this.want(stream.id, to, 0)
  }

  #applyRegisters(group: StreamId, version: number, deliver: (stream: FollowedStream) => void): void {
    const stream = this.#options.followed(group)
    if (stream === undefined || version <= stream.registers) return
    if (version === stream.registers + 1) {
      stream.registers = version
      deliver(stream)
    } else this.want(group, 0, version)
  }

  #deliver(stream: FollowedStream, event: StreamEvent): void {
    stream.sequence = event.sequence
    stream.micros = event.micros
    if (event.kind === 'message.created') stream.ordinal = event.data.message.ordinal
    this.#options.delivery.deliverEvent(stream, event)
  }

  #readIfBehind(stream: FollowedStream): void {
    if (stream.reading || !isBehind(stream) || this.#options.followed(stream.id) !== stream) return
    stream.reading = true
    this.#reads += 1
    void this.#read(stream).finally(() => {
      this.#reads -= 1
      stream.reading = false
      this.#readIfBehind(stream)
    })
  }

  async #read(stream: FollowedStream): Promise<void> {
    while (isBehind(stream) && this.#options.followed(stream.id) === stream) {
      try {
        if (stream.sequence < stream.wantedSequence) await this.#readEvents(stream)
        if (stream.registers < stream.wantedRegisters) await this.#readRegisters(stream)
      } catch (error) {
        this.#options.logger.warn(
          { err: error, stream: stream.id },
          'a followed stream could not be read; trying again',
        )
        await new Promise<void>(resolve => this.#options.clock.setTimer(retryMs, resolve))
      }
    }
  }

  async #readEvents(stream: FollowedStream): Promise<void> {
    const wished = stream.wantedSequence
    const { items, head } = await this.#options.store.readEvents(stream.id, stream.sequence, eventsPerRead)
    for (const event of items) if (event.sequence === stream.sequence + 1) this.#deliver(stream, event)
    // A journal row is written with what it names, so an empty page means that the wish was wrong, not that it is early;
    // but for a wish that came while this was being read.
    if (items.length === 0 && stream.wantedSequence === wished) {
      stream.wantedSequence = Math.max(stream.sequence, head.sequence)
    }
  }

  async #readRegisters(stream: FollowedStream): Promise<void> {
    const above = stream.registers
    const wished = stream.wantedRegisters
    const settle = (version: number) => {
      stream.registers = Math.max(stream.registers, version)
      // Again only a wish that was there before is known to be wrong.
      if (stream.wantedRegisters === wished) stream.wantedRegisters = Math.min(wished, stream.registers)
    }
    if (stream.kind === 'account') {
      const { items, version, more } = await this.#options.store.bell.read(stream.id as AccountId, above, rowsPerRead)
      if (more) stream.registers = Math.max(stream.registers, version)
      else settle(version)
      if (items.length > 0)
        this.#options.delivery.deliverBell(stream, { accountId: stream.id as AccountId, version, items })
      return
    }
    // What changes in an earlier page meanwhile has a higher version than that page.
    let version: number | undefined
    for (let after = 0; ; ) {
      const page = await this.#options.store.readPositions({
        conversationId: stream.id as ConversationId,
        above,
        after,
        limit: rowsPerRead,
      })
      version ??= page.version
      const { items } = page
      if (items.length > 0) {
        this.#options.delivery.deliverPositions(stream, { conversationId: stream.id as ConversationId, version, items })
      }
      const last = items.at(-1)
      if (items.length < rowsPerRead || last === undefined) {
        settle(version)
        return
      }
      after = last.accountId
    }
  }
}

function isBehind(stream: FollowedStream): boolean {
  return stream.sequence < stream.wantedSequence || stream.registers < stream.wantedRegisters
}
