import { useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import { problemCodeOf, useProblemWords } from '../../../i18n/problem-words.ts'
import { useApp } from '../../../state/app-context.ts'
import { useTell } from '../../../state/use-attempt.ts'
import { useMail } from '../use-mail.ts'

/** What hides a draft that is being thrown away. */
export function draftKey(draftId: string): string {
  return `draft ${draftId}`
}

/** Hides a draft at once and throws it away when ten seconds are over; undoing opens it again. */
export function useDiscard(): (draftId: string) => void {
  const { t } = useLingui()
  const { compose, deferrals } = useApp()
  const mail = useMail()
  const tell = useTell()
  const words = useProblemWords()
  return useCallback(
    draftId => {
      const key = draftKey(draftId)
      deferrals.defer({
        key,
        run: () => mail.draft(draftId).discard(),
        refused: cause => tell(words(problemCodeOf(cause))),
      })
      const undo = () => {
        deferrals.undo(key)
        compose.set({ draftId, start: null, focus: 'body' })
      }
      tell(t`Draft discarded.`, { label: t`Undo`, run: undo })
    },
    [compose, deferrals, mail, t, tell, words],
  )
}
