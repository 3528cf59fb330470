/** What operations see of the log: each call is one durable write, or a refusal that wrote nothing (L2, L3). */
import type { AppendEntry, AppendOutcome } from '../store/appending.ts'
import type { StoredUpTo } from '../store/mail.ts'
import type { PositionMove } from '../store/registers.ts'
import type { Transaction } from '../store/transaction.ts'

export interface Log {
  /** Through the message lane: resolves once the entry's batch is durable. Raises `busy` and `unavailable`. */
  append(entry: AppendEntry): Promise<AppendOutcome>
  /**
   * Through the side lane: one wide transaction at a time. `work` may run again after a lost connection, so it touches
   * nothing but the transaction. Raises what `work` raises (nothing is written then), `busy` and `unavailable`.
   */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** Gathered with others into one transaction; resolves once that is durable (L11). */
  movePositions(move: PositionMove): Promise<void>
  /** The same for how far a device has stored its account's stream: the mails that arrived by then are delivered. */
  confirmDeliveries(stored: StoredUpTo): Promise<void>
}
