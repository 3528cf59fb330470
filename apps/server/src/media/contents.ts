/**
 * Where the content of files lies, each piece under its hash. What is under a hash never changes, so putting it twice is
 * harmless; whoever removes it holds its lock in the store.
 */
import type { Readable } from 'node:stream'

export interface ByteRange {
  readonly from: number
  /** The last byte that is wanted. */
  readonly to: number
}

export interface Contents {
  isStored(hash: string): Promise<boolean>
  /** Takes a local file over, which may be gone afterwards. Durable when it resolves. */
  put(hash: string, file: string): Promise<void>
  /** Rejects where nothing is stored. */
  read(hash: string, range: ByteRange): Promise<Readable>
  /** Harmless where nothing is stored. */
  remove(hash: string): Promise<void>
}
