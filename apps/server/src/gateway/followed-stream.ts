/**
 * A stream that somebody on this node follows: where the node stands in it, and who here receives what comes next. The
 * node is the reader (L5): events pass strictly in sequence, and who is delivered event n is decided by the events
 * before n (L8).
 */
import type { StreamHead, StreamId } from '@recado/protocol'
import type { StreamHeadRow } from '../store/store.ts'
import type { OnlineAccount } from './online-account.ts'

/** How one account here receives a stream. */
export interface Follower {
  /** It receives what comes after this. */
  readonly after: number
  /** What it may see of it (L8). */
  readonly visibleFrom: number
  /** As of which event it is known to be a member: an older departure is not its last word. */
  readonly memberAt: number
}

export class FollowedStream {
  readonly id: StreamId
  readonly kind: 'account' | 'conversation'
  sequence: number
  micros: number
  ordinal: number
  registers: number
  memberCount: number
  readonly audience = new Map<OnlineAccount, Follower>()
  /** The newest sequence and register version known to exist; above `sequence` and `registers` a read is due. */
  wantedSequence: number
  wantedRegisters: number
  reading = false

  constructor(id: StreamId, kind: FollowedStream['kind'], head: StreamHeadRow, memberCount: number) {
    this.id = id
    this.kind = kind
    this.sequence = head.sequence
    this.micros = head.micros
    this.ordinal = head.ordinal
    this.registers = head.registers
    this.memberCount = memberCount
    this.wantedSequence = head.sequence
    this.wantedRegisters = head.registers
  }

  get head(): StreamHead {
    return {
      stream: this.id,
      sequence: this.sequence,
      micros: this.micros,
      ordinal: this.ordinal,
      registers: this.registers,
    }
  }
}
