import type { DraftContent } from '@recado/client'
import type { RefusedPlace } from './refusal.ts'

/** The letter that is being written. */
export interface Composition {
  readonly draftId: string
  /** What a new one begins with; null for a draft that is kept already. */
  readonly start: DraftContent | null
  /** Where the caret is at first. */
  readonly focus: 'to' | 'body'
  /** Recipients that the server did not know. */
  readonly refused?: readonly RefusedPlace[]
}
