import type { CachedDraft } from '../cache/rows.ts'

/** What a tab knows of a draft as its sign-in ends; each answer is the rows to be kept: of this draft, and copies. */
export interface LeftDraft {
  readonly id: string
  /** Whether the storage that all tabs share had all of it. */
  readonly isStored: boolean
  alone(): readonly CachedDraft[]
  /** As that storage has it in the end. */
  upon(there: CachedDraft | null): readonly CachedDraft[]
  /** As another tab remembered it. */
  beside(other: CachedDraft): readonly CachedDraft[]
}
