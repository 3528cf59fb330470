/**
 * The connections of this node and what reaches them: fan-out of events and registers, presence, typing, sessions that
 * end. Upholds L4, L5, L8, L9 and L10.
 *
 * Everything here happens on one thread between two awaits, so a connection that is added in the same turn in which its
 * streams' heads are taken misses nothing in between.
 */
import {
  type Account,
  type AccountId,
  type BellItem,
  type CloseReason,
  type ConversationId,
  limits,
  type SessionId,
  type StreamEvent,
  type StreamHead,
  type StreamId,
} from '@recado/protocol'
import { presentTo } from '../access/sight.ts'
import type { Bus } from '../bus/bus.ts'
import { type Clock, isoTime } from '../clock.ts'
import type { Announcement, Announcer } from '../log/announcement.ts'
import { JournalReader } from '../log/journal-reader.ts'
import { formatMark } from '../log/vector.ts'
import type { Logger } from '../logger.ts'
import { Refusal } from '../problem.ts'
import type { BellRow, ChangedBell } from '../store/bell.ts'
import type { ChangedPositions } from '../store/registers.ts'
import type { Attachment, Commit, Store, Vector } from '../store/store.ts'
import { Attacher } from './attacher.ts'
import { Connection, type ConnectionOwner, type Wire } from './connection.ts'
import type { FollowedStream } from './followed-stream.ts'
import { Frame } from './frame.ts'
import { MailStatusFrames } from './mail-statuses.ts'
import { type Delivery, NodeReader } from './node-reader.ts'
import { OnlineAccount, removeFrom } from './online-account.ts'
import { PositionFrames } from './position-frames.ts'
import { PresenceHub } from './presence-hub.ts'
import { type Merged, Subscriptions } from './subscriptions.ts'
import { TypingHub } from './typing-hub.ts'

const sweepMs = 1_000
const markMs = 30_000

export interface GatewayOptions {
  /** This incarnation of this node. */
  readonly node: string
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly bus: Bus
}

export interface Attached {
  readonly account: Account
  /** The heads of everything this account follows, as of this moment; the first is its own stream. */
  readonly heads: readonly StreamHead[]
  /** Everything up to here is in `heads` or will be sent. */
  readonly mark: string
}

export class Gateway implements Announcer, Delivery, ConnectionOwner, AsyncDisposable {
  readonly clock: Clock
  readonly presence: PresenceHub
  readonly typing: TypingHub
  readonly #options: GatewayOptions
  readonly #connections = new Set<Connection>()
  readonly #online = new Map<AccountId, OnlineAccount>()
  readonly #subscriptions = new Subscriptions()
  readonly #reader: NodeReader
  readonly #attacher: Attacher
  readonly #mailStatuses: MailStatusFrames
  #journal: JournalReader | null = null
  #settledMark = ''
  #marked = ''
  #dirty: Connection[] = []
  #nextConnection = 1
  #cancelTimers: (() => void)[] = []
  #unsubscribe: () => void = () => undefined

  private constructor(options: GatewayOptions) {
    this.#options = options
    this.clock = options.clock
    this.#attacher = new Attacher(options.store)
    this.#mailStatuses = new MailStatusFrames({ ...options, online: this.#online })
    this.#reader = new NodeReader({ ...options, delivery: this, followed: id => this.#subscriptions.streams.get(id) })
    this.presence = new PresenceHub({ ...options, online: this.#online, connections: this.#connections })
    this.typing = new TypingHub({ ...options, streams: this.#subscriptions.streams })
  }

  static async start(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options)
    gateway.#journal = await JournalReader.start({ ...options, sink: gateway })
    gateway.#settledMark = formatMark(options.store.epoch, gateway.#vector)
    gateway.#unsubscribe = await options.bus.subscribe('log', payload => gateway.#hear(payload as LogMessage))
    await gateway.presence.start()
    await gateway.typing.start()
    gateway.#every(sweepMs, () => gateway.#sweep())
    gateway.#every(markMs, () => gateway.#sendMarks())
    return gateway
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Whether the log can be read: what readiness asks. */
  get healthy(): boolean {
    return this.#journal?.healthy === true
  }

  connect(wire: Wire): Connection {
    const connection = new Connection(this.#nextConnection++, wire, this)
    this.#connections.add(connection)
    return connection
  }

  /** The wire is gone. */
  disconnect(connection: Connection, reason?: CloseReason): void {
    if (!this.#connections.delete(connection)) return
    connection.dispose()
    const online = connection.account
    this.presence.forget(connection)
    if (online === null) return
    removeFrom(online.connections, connection)
    if (online.connections.length === 0) {
      this.#online.delete(online.id)
      this.#subscriptions.leave(online)
    }
    this.presence.update(online, reason === 'sessionEnded' ? 'at-once' : 'after-grace')
  }

  /**
   * Makes an authenticated connection receive what its account follows, and tells where everything stands. Refuses with
   * `session-ended` when the session is over.
   */
  async attach(
    connection: Connection,
    grant: { accountId: AccountId; sessionId: SessionId; expiresAtMs: number },
  ): Promise<Attached> {
    const { accountId, sessionId } = grant
    const mark = this.mark()
    this.#subscriptions.beginAttach(accountId)
    try {
      const attachment = await this.#readAttachment(accountId)
      if (attachment === null || !attachment.sessionIds.includes(sessionId)) throw new Refusal('session-ended')
      if (connection.closed) throw new Refusal('unavailable')
      if (connection.account !== null && connection.account.id !== accountId) throw new Refusal('unauthenticated')
      const online = this.#online.get(accountId) ?? new OnlineAccount(accountId)
      this.#online.set(accountId, online)
      const merged = this.#subscriptions.merge(online, attachment)
      connection.account = online
      connection.sessionId = sessionId
      connection.expiresAtMs = grant.expiresAtMs
      if (!online.connections.includes(connection)) online.connections.push(connection)
      this.#readOn(merged)
      this.presence.update(online, 'at-once')
      return { account: attachment.account, heads: this.#headsOf(online), mark }
    } finally {
      this.#subscriptions.endAttach(accountId)
    }
  }

  /** Tells one connection its mark, after what is being answered right now. */
  sendMark(connection: Connection, mark: string): void {
    this.clock.defer(() => connection.push(Frame.ephemeral({ type: 'caught-up', mark })))
  }

  /** From the lanes of this node, after their commit. */
  announce(announcement: Announcement): void {
    this.#take(announcement)
    const { commit, events, changed } = announcement
    const message: LogMessage = { node: this.#options.node, commit, events: [...events], changed }
    this.#options.bus.publish('log', message)
  }

  repairSoon(): void {
    this.#journal?.readSoon()
  }

  repair(commit: Commit): void {
    this.#subscriptions.note(commit)
    this.#reader.repair(commit)
    const groups = commit.registers.map(({ group }) => group)
    this.#mailStatuses.repair(groups.filter(group => !this.#subscriptions.streams.has(group)))
  }

  deliverEvent(stream: FollowedStream, event: StreamEvent): void {
    const frame = Frame.event(stream.id, event)
    let hidden: Frame | null = null
    const frameFor = (visibleFrom: number) => {
      const seen = presentTo(visibleFrom, event)
      if (seen === event) return frame
      hidden ??= Frame.event(stream.id, seen)
      return hidden
    }
    for (const [online, { after, visibleFrom }] of stream.audience) {
      if (event.sequence <= after) continue
      for (const connection of online.connections) connection.push(frameFor(visibleFrom))
    }
    if (stream.kind === 'conversation') this.#followMembership(stream, event)
    else this.#followAccount(stream, event)
  }

  deliverPositions(stream: FollowedStream, changed: ChangedPositions): void {
    const { conversationId } = changed
    const frames = new PositionFrames(changed)
    const everybody = stream.memberCount <= limits.positionsBroadcastMembers
    for (const online of stream.audience.keys()) {
      const frame = frames.for(online.id)
      if (frame === null) continue
      for (const connection of online.connections) {
        if (everybody || connection.watched.has(conversationId) || frames.isOwn(online.id)) connection.push(frame)
      }
    }
  }

  deliverBell(stream: FollowedStream, changed: ChangedBell): void {
    const frame = Frame.register(stream.id, {
      type: 'bell',
      version: changed.version,
      items: changed.items.map(presentBell),
    })
    for (const online of stream.audience.keys()) for (const connection of online.connections) connection.push(frame)
  }

  headOf(stream: StreamId): StreamHead | null {
    return this.#subscriptions.streams.get(stream)?.head ?? this.#mailStatuses.headOf(stream)
  }

  mark(): string {
    if (this.#reader.isSettled) this.#settledMark = formatMark(this.#options.store.epoch, this.#vector)
    return this.#settledMark
  }

  flushSoon(connection: Connection): void {
    this.#dirty.push(connection)
    if (this.#dirty.length === 1) this.clock.defer(() => this.#flush())
  }

  /** Whether this account receives that conversation here: a cheap gate for what is ephemeral. */
  isMember(conversationId: ConversationId, connection: Connection): boolean {
    return connection.account !== null && this.#subscriptions.isMember(conversationId, connection.account)
  }

  /** Closes every connection, to be opened again elsewhere or later. */
  drain(): void {
    for (const connection of this.#connections) connection.close('goingAway')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cancel of this.#cancelTimers) cancel()
    this.#unsubscribe()
    this.drain()
    this.#mailStatuses[Symbol.dispose]()
    await this.presence[Symbol.asyncDispose]()
    await this.typing[Symbol.asyncDispose]()
    await this.#journal?.[Symbol.asyncDispose]()
  }

  get #vector(): Vector {
    return this.#journal?.vector ?? new Map()
  }

  #take(announcement: Announcement): void {
    const journal = this.#journal
    if (journal === null || journal.knows(announcement.commit)) return
    this.#subscriptions.note(announcement.commit)
    this.#reader.apply(announcement)
    this.#mailStatuses.note(announcement.changed.mails)
    if (!journal.advance(announcement.commit)) journal.readSoon()
  }

  #hear(message: LogMessage): void {
    if (message.node === this.#options.node) return
    this.#take({ commit: message.commit, events: new Map(message.events), changed: message.changed })
  }

  /** A snapshot that is no older than what this node has seen of the account: a session that ended is not missed. */
  async #readAttachment(accountId: AccountId): Promise<Attachment | null> {
    for (;;) {
      const attachment = await this.#attacher.read(accountId)
      const seen = this.headOf(accountId)?.sequence ?? 0
      if (attachment === null || attachment.head.sequence >= seen) return attachment
    }
  }

  #readOn({ behind }: Merged): void {
    for (const { stream, sequence, registers } of behind) this.#reader.want(stream.id, sequence, registers)
  }

  #headsOf(online: OnlineAccount): StreamHead[] {
    const own = this.headOf(online.id)
    const heads = own === null ? [] : [own]
    for (const stream of online.streams) if (stream.id !== online.id) heads.push(stream.head)
    return heads
  }

  #followMembership(stream: FollowedStream, event: StreamEvent): void {
    switch (event.kind) {
      case 'member.added':
        // Who was added follows from `conversation.joined` on: only the snapshot read then knows what it may see.
        stream.memberCount = event.data.memberCount
        break
      case 'member.removed':
      case 'member.left': {
        stream.memberCount = event.data.memberCount
        this.#subscriptions.dismiss(stream, event.data.accountId, this.#online.get(event.data.accountId))
        break
      }
    }
  }

  #followAccount(stream: FollowedStream, event: StreamEvent): void {
    const online = this.#online.get(stream.id as AccountId)
    if (online === undefined) return
    if (event.kind === 'conversation.joined') void this.#refresh(online)
    if (event.kind === 'session.ended') {
      for (const connection of [...online.connections]) {
        if (connection.sessionId === event.data.sessionId) connection.close('sessionEnded')
      }
    }
  }

  /** The account joined something: follow it, and say where it stands, since events may have passed meanwhile. */
  async #refresh(online: OnlineAccount): Promise<void> {
    this.#subscriptions.beginAttach(online.id)
    try {
      const attachment = await this.#attacher.read(online.id)
      if (attachment === null || this.#online.get(online.id) !== online) return
      const merged = this.#subscriptions.merge(online, attachment)
      this.#readOn(merged)
      for (const { id, head } of merged.admitted) {
        const frame = Frame.register(id, { type: 'behind', streams: [head] })
        for (const connection of online.connections) connection.push(frame)
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'what an account joined could not be read; its connections start again')
      for (const connection of [...online.connections]) connection.close('unavailable')
    } finally {
      this.#subscriptions.endAttach(online.id)
    }
  }

  #flush(): void {
    const dirty = this.#dirty
    this.#dirty = []
    for (const connection of dirty) connection.flush()
  }

  #sweep(): void {
    const now = this.clock.now()
    for (const connection of this.#connections) {
      if (connection.expiresAtMs <= now) connection.close('tokenExpired')
      else if (connection.hasStalled(now)) connection.close('stalled')
    }
  }

  #sendMarks(): void {
    const mark = this.mark()
    if (mark === this.#marked) return
    this.#marked = mark
    const frame = Frame.ephemeral({ type: 'caught-up', mark })
    for (const connection of this.#connections) if (connection.account !== null) connection.push(frame)
  }

  #every(ms: number, run: () => void): void {
    const place = this.#cancelTimers.length
    const schedule = () => {
      this.#cancelTimers[place] = this.clock.setTimer(ms, () => {
        run()
        schedule()
      })
    }
    schedule()
  }
}

interface LogMessage {
  readonly node: string
  readonly commit: Commit
  readonly events: readonly (readonly [StreamId, readonly StreamEvent[]])[]
  readonly changed: Announcement['changed']
}

export function presentBell(row: BellRow): BellItem {
  const { micros, ...item } = row
  return { ...item, at: isoTime(micros) }
}
