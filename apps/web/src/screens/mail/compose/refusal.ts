/** Why a mail was not sent, and which recipients were meant. */
import { useLingui } from '@lingui/react/macro'
import type { Problem } from '@recado/protocol'
import { useProblemWords } from '../../../i18n/problem-words.ts'

export type RecipientField = 'to' | 'cc' | 'bcc'

export interface RefusedPlace {
  readonly field: RecipientField
  readonly index: number
}

/** The recipients that a problem points to, as JSON pointers into what was sent (RFC 6901). */
export function refusedPlaces(problem: Pick<Problem, 'errors'> | null): readonly RefusedPlace[] {
  return (problem?.errors ?? []).flatMap(({ path }): readonly RefusedPlace[] => {
    const [, field, index] = /^\/(to|cc|bcc)\/(\d+)/u.exec(path) ?? []
    return field ? [{ field: field as RecipientField, index: Number(index) }] : []
  })
}

export function useRefusalWords(): (problem: Problem | null) => string {
  const { t } = useLingui()
  const words = useProblemWords()
  return problem =>
    problem?.code === 'unknown-recipient'
      ? t`Nothing was sent: somebody it is addressed to cannot be reached here.`
      : words(problem?.code ?? null)
}
