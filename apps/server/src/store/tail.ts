/**
 * Consumers of the tail as the store keeps them: how far each got in the log, and which node does its work. A lease is
 * taken and renewed in the transaction of the work, so whoever lost it writes nothing more; it ends by itself, so a node
 * that died or froze holds nobody up for longer.
 */
import type { Vector } from './store.ts'

export interface TailStore {
  /** How far the consumer got; null if it never saved that. */
  readCursor(consumer: string): Promise<Vector | null>
  /** For how long another than this holder still has the consumer; 0 if it is free or one's own. */
  readLease(consumer: string, holder: string): Promise<number>
}

/** Of a wide transaction. */
export interface TailWrites {
  /** Makes the holder the one that does the consumer's work for so long from now on; false if another is. */
  lease(consumer: string, holder: string, forMs: number): Promise<boolean>
  /** Moves the consumer's cursor, never back. */
  move(consumer: string, vector: Vector): Promise<void>
}
