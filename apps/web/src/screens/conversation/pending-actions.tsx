import { Trans } from '@lingui/react/macro'
import type { PendingView } from '@recado/client'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

/** Why it was not sent, and what can be done. */
export function PendingActions({ pending }: { readonly pending: PendingView }) {
  const client = useClient()
  const words = useProblemWords()
  const attempt = useAttempt()
  const action =
    'min-h-11 rounded-sm px-2 font-semibold underline underline-offset-4 hover:bg-failure-tint md:pointer-fine:min-h-8'
  return (
    <div className="-me-2 flex flex-col items-end text-failure-ink text-meta">
      <span className="pe-2 pt-1">
        <Trans>Not sent.</Trans> {words(pending.problem?.code ?? null)}
      </span>
      <span className="flex">
        <button type="button" className={action} onClick={() => void attempt(() => client.retry(pending.entryId))}>
          <Trans>Try again</Trans>
        </button>
        <button type="button" className={action} onClick={() => void attempt(() => client.cancel(pending.entryId))}>
          <Trans>Cancel</Trans>
        </button>
      </span>
    </div>
  )
}
