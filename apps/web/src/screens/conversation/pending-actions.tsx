import { Trans, useLingui } from '@lingui/react/macro'
import type { PendingView } from '@recado/client'
import { useProblemWords } from '../../i18n/problem-words.ts'
import { useApp, useClient } from '../../state/app-context.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useMe, useSnapshot } from '../../state/use-snapshot.ts'

const action = 'min-h-11 rounded-sm px-2 font-semibold underline underline-offset-4 md:pointer-fine:min-h-8'
const dangerAction = `${action} hover:bg-failure-tint`

/** What can be done with a message that is not sent. What waits is told only away from the network: else it is gone at once. */
export function PendingActions({ pending }: { readonly pending: PendingView }) {
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  if (pending.state === 'refused') return <Refused pending={pending} />
  return pending.state === 'waiting' && !online ? <TakeBack pending={pending} /> : null
}

/** Why it was not sent, and what can be done. */
function Refused({ pending }: { readonly pending: PendingView }) {
  const client = useClient()
  const words = useProblemWords()
  const attempt = useAttempt()
  return (
    <div className="-me-2 flex flex-col items-end text-failure-ink text-meta">
      <span className="pe-2 pt-1">
        <Trans>Not sent.</Trans> {words(pending.problem?.code ?? null)}
      </span>
      <span className="flex">
        <button
          type="button"
          className={dangerAction}
          onClick={() => void attempt(() => client.retry(pending.entryId))}
        >
          <Trans>Try again</Trans>
        </button>
        <button
          type="button"
          className={dangerAction}
          onClick={() => void attempt(() => client.cancel(pending.entryId))}
        >
          <Trans>Cancel</Trans>
        </button>
      </span>
    </div>
  )
}

function TakeBack({ pending }: { readonly pending: PendingView }) {
  const takeBack = useTakeBack(pending)
  return (
    <button
      type="button"
      className={`${action} -me-2 self-end text-ink-muted text-meta hover:bg-hover`}
      onClick={takeBack}
    >
      <Trans>Take back</Trans>
    </button>
  )
}

/** Its words go back to where they were written, before what stands there now. */
function useTakeBack({ entryId, conversationId, body, replyTo, forwardedFrom }: PendingView): () => void {
  const { t } = useLingui()
  const { client, drafts } = useApp()
  const me = useMe()
  const attempt = useAttempt()
  const tell = useTell()
  return () =>
    void attempt(async () => {
      if (!(await client.cancel(entryId))) return tell(t`This may have been sent already.`)
      if (forwardedFrom !== null) return
      const draft = drafts.find(me.id, conversationId)
      const text = [body, draft?.text ?? ''].filter(words => words !== '').join('\n')
      drafts.keep(me.id, conversationId, { text, replyTo: draft?.replyTo ?? replyTo })
    })
}
