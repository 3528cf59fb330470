/**
 * A stream that somebody on this node follows: where the node stands in it, and who here receives what comes next. The
 * node is the reader (L5): events pass strictly in sequence, and who is delivered event n is decided by the events
 * before n (L8).
 */
import type { StreamHead, StreamId } from '@recado/protocol'
import type { StreamHeadRow } from '../store/store.ts'
import type { OnlineAccount } from './online-account.ts'

export class FollowedStream {
  readonly id: StreamId
  readonly kind: 'account' | 'conversation'
  sequence: number
  micros: number
  ordinal: number
  registers: number
  memberCount: number
  /** Who receives, and from after which sequence on. */
  readonly audience = new Map<OnlineAccount, number>()
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
