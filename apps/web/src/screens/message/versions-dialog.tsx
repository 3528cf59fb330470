import { Trans, useLingui } from '@lingui/react/macro'
import type { Message, MessageVersion } from '@recado/protocol'
import { useEffect, useState } from 'react'
import { Modal } from '../../components/modal.tsx'
import { Loading } from '../../components/skeleton.tsx'
import { problemCodeOf, useProblemWords } from '../../i18n/problem-words.ts'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { withoutOverrides } from '../../state/isolate.ts'

interface VersionsDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly message: Message | null
}

/** What a message said before each edit, newest first. */
export function VersionsDialog({ open, onClose, message }: VersionsDialogProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`Edit history`}>
      <div className="min-h-24 flex-1 overflow-y-auto px-4 py-2 tall:min-h-48">
        {open && message ? <Versions message={message} /> : null}
      </div>
    </Modal>
  )
}

type State =
  | { readonly at: 'loading' }
  | { readonly at: 'failed'; readonly cause: unknown }
  | { readonly at: 'there'; readonly versions: readonly MessageVersion[] }

function Versions({ message: { conversationId, sequence } }: { readonly message: Message }) {
  const client = useClient()
  const words = useProblemWords()
  const times = useTimes()
  const [state, setState] = useState<State>({ at: 'loading' })
  useEffect(() => {
    let wanted = true
    client.listVersions(conversationId, sequence).then(
      versions => (wanted ? setState({ at: 'there', versions: versions.toReversed() }) : undefined),
      (cause: unknown) => (wanted ? setState({ at: 'failed', cause }) : undefined),
    )
    return () => {
      wanted = false
    }
  }, [client, conversationId, sequence])
  if (state.at === 'loading') return <VersionSkeleton />
  if (state.at === 'failed') {
    return (
      <p role="alert" className="py-8 text-center text-ink-muted">
        {words(problemCodeOf(state.cause))}
      </p>
    )
  }
  return (
    <ol>
      {state.versions.map(({ version, body, at }, index) => (
        <li key={version} className="border-line border-b py-3 last:border-b-0">
          <p className="flex gap-2 pb-1 text-ink-muted text-meta">
            <time dateTime={at}>{times.exact(at)}</time>
            {index === 0 ? (
              <span className="font-semibold text-wax-ink">
                <Trans>Now</Trans>
              </span>
            ) : null}
          </p>
          <p dir="auto" className="spoken whitespace-pre-wrap break-words">
            {withoutOverrides(body)}
          </p>
        </li>
      ))}
    </ol>
  )
}

function VersionSkeleton() {
  return (
    <Loading className="py-3">
      <div className="skeleton h-3.5 w-32" />
      <div className="skeleton mt-2 h-4 w-64" />
    </Loading>
  )
}
