/**
 * One node at a time does the work of a consumer of the tail. That two did it would be harmless, since what is written
 * twice is written once, but every node would read every commit. Nobody renews a lease while nothing happens.
 */
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { Transaction } from '../store/transaction.ts'

/** How long the work waits when the node that did it died. */
const leaseMs = 3_000

export interface TailLeaseOptions {
  readonly consumer: string
  /** This incarnation of this node. */
  readonly holder: string
  readonly store: Pick<Store, 'tail'>
  readonly clock: Clock
}

export class TailLease {
  readonly #options: TailLeaseOptions
  /** By this node's clock, and never later than by the database's. */
  #until = Number.NEGATIVE_INFINITY

  constructor(options: TailLeaseOptions) {
    this.#options = options
  }

  /** Whether it is worth renewing: less than half is left. */
  get isDue(): boolean {
    return this.#until - this.#options.clock.now() < leaseMs / 2
  }

  /** For how long another node does the work; 0 if it is this one's to do, or anybody's. */
  async readOthers(): Promise<number> {
    const { consumer, holder, store, clock } = this.#options
    return this.#until > clock.now() ? 0 : await store.tail.readLease(consumer, holder)
  }

  /** Takes or renews it, in the transaction of the work; false if another node has it. */
  async take(transaction: Transaction): Promise<boolean> {
    const { consumer, holder, clock } = this.#options
    const from = clock.now()
    const isTaken = await transaction.tail.lease(consumer, holder, leaseMs)
    this.#until = isTaken ? from + leaseMs : Number.NEGATIVE_INFINITY
    return isTaken
  }
}
