/** Completing what is being written: one mechanism for everything that begins with a sign. */
import type { AccountId } from '@recado/protocol'

/** The stretch before the caret that is being completed. */
export interface CompletionQuery {
  /** Where the sign stands. */
  readonly start: number
  /** What stands between the sign and the caret. */
  readonly text: string
}

export interface Suggestion {
  readonly key: string
  readonly face:
    | { readonly type: 'person'; readonly id: AccountId }
    | { readonly type: 'emoji'; readonly emoji: string }
  readonly label: string
  readonly detail: string
  /** What replaces the query. */
  readonly insert: string
  readonly onChosen?: () => void
}

export interface CompletionSource {
  /** What the list of its suggestions is called. */
  readonly title: string
  find(text: string, caret: number): CompletionQuery | null
  /** The best first, as many as a list shows. */
  suggest(query: string): readonly Suggestion[]
}

export const shownSuggestions = 6
