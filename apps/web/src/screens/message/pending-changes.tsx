/** What was done to a message and is not on the server: what waits can be taken back, what was refused says why. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { MessageChange, PendingChange } from '@recado/client'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

export function PendingChanges({ changes }: { readonly changes: readonly PendingChange[] }) {
  return (
    <ul className="pt-1 text-meta">
      {changes.map(pending =>
        pending.state === 'refused' ? (
          <Refused key={pending.entryId} pending={pending} />
        ) : (
          <Waiting key={pending.entryId} pending={pending} />
        ),
      )}
    </ul>
  )
}

const action =
  'min-h-11 rounded-sm px-2 font-semibold underline underline-offset-4 hover:bg-hover md:pointer-fine:min-h-7'

function Waiting({ pending }: { readonly pending: PendingChange }) {
  const client = useClient()
  const attempt = useAttempt()
  const words = useChangeWords()
  return (
    <li className="flex flex-wrap items-center justify-end text-ink-muted">
      <span className="px-1">{words[pending.change.kind].waiting}</span>
      <button type="button" className={action} onClick={() => void attempt(() => client.cancel(pending.entryId))}>
        <Trans>Take back</Trans>
      </button>
    </li>
  )
}

function Refused({ pending }: { readonly pending: PendingChange }) {
  const client = useClient()
  const attempt = useAttempt()
  const problem = useProblemWords()
  const words = useChangeWords()
  const { change, entryId } = pending
  return (
    <li className="flex flex-col items-end text-failure-ink">
      <span className="px-1 pt-1">
        {words[change.kind].refused} {problem(pending.problem?.code ?? null)}
      </span>
      {change.kind === 'edit' ? (
        <q dir="auto" className="max-w-full whitespace-pre-wrap break-words px-1 text-ink">
          {change.body}
        </q>
      ) : null}
      <span className="flex">
        <button type="button" className={action} onClick={() => void attempt(() => client.retry(entryId))}>
          <Trans>Try again</Trans>
        </button>
        <button type="button" className={action} onClick={() => void attempt(() => client.cancel(entryId))}>
          <Trans>Let it go</Trans>
        </button>
      </span>
    </li>
  )
}

type Words = Record<MessageChange['kind'], { readonly waiting: string; readonly refused: string }>

function useChangeWords(): Words {
  const { t } = useLingui()
  const reaction = { waiting: t`Reaction waits to be sent.`, refused: t`The reaction was not sent.` }
  const pin = { waiting: t`Pinning waits to be sent.`, refused: t`It could not be pinned or unpinned.` }
  const save = { waiting: t`Saving waits to be sent.`, refused: t`It could not be saved.` }
  return {
    edit: { waiting: t`Edit waits to be sent.`, refused: t`The edit was not sent.` },
    delete: { waiting: t`Deletion waits to be sent.`, refused: t`It could not be deleted.` },
    react: reaction,
    unreact: reaction,
    pin,
    unpin: pin,
    save,
    unsave: save,
  }
}
