import { Toast } from '@base-ui/react/toast'
import { useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import { problemCodeOf, useProblemWords } from '../i18n/problem-words.ts'
import { useApp } from './app-context.ts'
import { undoMs } from './deferrals.ts'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

/** Says that something happened, and offers at most one thing to do about it. */
export type Tell = (description: string, action?: ToastAction) => void

export function useTell(): Tell {
  const { add, close } = Toast.useToastManager()
  return useCallback(
    (description, action) => {
      const id = add({
        description,
        ...(action
          ? {
              timeout: undoMs,
              actionProps: {
                children: action.label,
                onClick: () => {
                  action.run()
                  close(id)
                },
              },
            }
          : {}),
      })
    },
    [add, close],
  )
}

/** Runs a request; a refusal is told in words. Resolves to whether it was done. */
export function useAttempt(): (task: () => Promise<unknown>) => Promise<boolean> {
  const tell = useTell()
  const words = useProblemWords()
  return useCallback(
    async task => {
      try {
        await task()
        return true
      } catch (cause) {
        tell(words(problemCodeOf(cause)))
        return false
      }
    },
    [tell, words],
  )
}

interface UndoableAction {
  readonly key: string
  /** What happened, as the toast says it. */
  readonly done: string
  readonly run: () => Promise<void>
}

/** Starts a destructive action that hides its target at once and can be undone for ten seconds. */
export function useUndoable(): (action: UndoableAction) => void {
  const { t } = useLingui()
  const { deferrals } = useApp()
  const tell = useTell()
  const words = useProblemWords()
  return useCallback(
    ({ key, done, run }) => {
      deferrals.defer({ key, run, refused: cause => tell(words(problemCodeOf(cause))) })
      tell(done, { label: t`Undo`, run: () => deferrals.undo(key) })
    },
    [deferrals, t, tell, words],
  )
}
