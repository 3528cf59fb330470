/**
 * One live connection as the gateway sees it. Upholds L10: what it owes is bounded. Frames of one tick leave in one
 * write. Beyond `limits.unsentBytes` it keeps only which streams moved, and once it has drained sends one `behind` frame
 * with their heads, so the client pulls; a connection that takes nothing for `limits.stalledMs` is closed.
 */
import {
  type CloseReason,
  type ConversationId,
  limits,
  type SessionId,
  type StreamHead,
  type StreamId,
} from '@recado/protocol'
import type { Clock } from '../clock.ts'
import { Frame } from './frame.ts'
import type { OnlineAccount } from './online-account.ts'

/** What carries the frames: a WebSocket, a stream of Server-Sent Events, or the simulation's network. */
export interface Wire {
  /** Bytes handed over and not yet taken by the peer's side of the network. */
  readonly unsentBytes: number
  /** Bytes that the peer's side has taken since the beginning. */
  readonly takenBytes: number
  send(frames: readonly Frame[]): void
  close(reason: CloseReason): void
}

export interface ConnectionOwner {
  readonly clock: Clock
  /** The head of a stream as of what was handed on here. */
  headOf(stream: StreamId): StreamHead | null
  mark(): string
  flushSoon(connection: Connection): void
}

export class Connection {
  readonly id: number
  readonly wire: Wire
  readonly #owner: ConnectionOwner
  account: OnlineAccount | null = null
  sessionId: SessionId | null = null
  /** When the access token ends, ms since 1970. */
  expiresAtMs = Number.POSITIVE_INFINITY
  /** `away` only when the person said so. */
  away = false
  /** Large conversations of which everybody's positions are sent. */
  watched: ReadonlySet<ConversationId> = new Set()
  /** Nothing is let in or sent any more: the wire is being closed, or gone. */
  closed = false
  #pending: Frame[] = []
  #pendingBytes = 0
  #behind: Set<StreamId> | null = null
  /** How much the peer had taken when it last took something, and when that was seen. */
  #takenBytes = 0
  #takenAt = 0
  #drainers: (() => void)[] | null = null

  constructor(id: number, wire: Wire, owner: ConnectionOwner) {
    this.id = id
    this.wire = wire
    this.#owner = owner
  }

  get isBehind(): boolean {
    return this.#behind !== null
  }

  get isFull(): boolean {
    return this.#pendingBytes + this.wire.unsentBytes > limits.unsentBytes
  }

  /** Replies are bounded by the requests that are let in (see `whenRoom`), pushes by what is dropped here. */
  reply(frame: Frame): void {
    this.#enqueue(frame)
  }

  push(frame: Frame): void {
    if (this.closed) return
    if (this.#behind === null && !this.isFull) this.#enqueue(frame)
    else if (frame.stream !== null) {
      this.#behind ??= new Set()
      this.#behind.add(frame.stream)
    }
  }

  /** Writes what this tick gathered. Called by the gateway, once a tick. */
  flush(): void {
    if (this.closed || this.#pending.length === 0) return
    const frames = this.#pending
    this.#pending = []
    this.#pendingBytes = 0
    this.wire.send(frames)
    // What the network took at once is followed by no sign of draining.
    if (this.wire.unsentBytes === 0) this.drained()
  }

  /** The peer took something: called by the wire when its buffer has emptied. */
  drained(): void {
    if (this.#behind !== null && !this.closed) {
      const streams: StreamHead[] = []
      for (const stream of this.#behind) {
        const head = this.#owner.headOf(stream)
        if (head !== null) streams.push(head)
      }
      this.#behind = null
      const mark = this.#owner.mark()
      this.#enqueue(Frame.ephemeral({ type: 'behind', streams }))
      this.#enqueue(Frame.ephemeral({ type: 'caught-up', mark }))
    }
    this.#wakeDrainers()
  }

  /** Resolves once there is room for a reply; at once in the ordinary case. */
  whenRoom(): Promise<void> | null {
    if (!this.isFull || this.closed) return null
    return new Promise(resolve => {
      this.#drainers ??= []
      this.#drainers.push(resolve)
    })
  }

  /** Called about once a second: whether the peer has taken nothing for too long. */
  hasStalled(now: number): boolean {
    const { unsentBytes, takenBytes } = this.wire
    if (unsentBytes === 0 || takenBytes !== this.#takenBytes) {
      this.#takenBytes = takenBytes
      this.#takenAt = now
    }
    return now - this.#takenAt > limits.stalledMs
  }

  close(reason: CloseReason): void {
    if (this.closed) return
    this.flush()
    this.closed = true
    this.wire.close(reason)
  }

  /** The wire is gone; nothing is sent any more. */
  dispose(): void {
    this.closed = true
    this.#pending = []
    this.#behind = null
    this.#wakeDrainers()
  }

  #wakeDrainers(): void {
    const drainers = this.#drainers
    if (drainers === null) return
    this.#drainers = null
    for (const resume of drainers) resume()
  }

  #enqueue(frame: Frame): void {
    if (this.closed) return
    this.#pending.push(frame)
    this.#pendingBytes += frame.text.length
    if (this.#pending.length === 1) this.#owner.flushSoon(this)
  }
}
