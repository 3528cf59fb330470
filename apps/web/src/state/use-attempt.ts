import { useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import { problemCodeOf, useProblemWords } from '../i18n/problem-words.ts'
import { useApp } from './app-context.ts'
import type { ToastAction } from './toast-queue.ts'

/** Says that something happened, and offers at most one thing to do about it. */
export type Tell = (description: string, action?: ToastAction) => void

export function useTell(): Tell {
  const { toasts } = useApp()
  return useCallback(
    (description, action) => toasts.set([...toasts.get(), { description, ...(action && { action }) }]),
    [toasts],
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
