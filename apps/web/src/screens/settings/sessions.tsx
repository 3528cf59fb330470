import { Trans, useLingui } from '@lingui/react/macro'
import type { Session } from '@recado/protocol'
import { Monitor } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt, useTell } from '../../state/use-attempt.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

type Sessions = { readonly state: 'loading' } | { readonly state: 'failed' } | Loaded
interface Loaded {
  readonly state: 'loaded'
  readonly items: readonly Session[]
}

function useSessions() {
  const client = useClient()
  const online = useSnapshot(snapshot => snapshot.connection.state === 'online')
  const [sessions, setSessions] = useState<Sessions>({ state: 'loading' })
  const load = useCallback(async () => {
    try {
      setSessions({ state: 'loaded', items: await client.listSessions() })
    } catch {
      setSessions({ state: 'failed' })
    }
  }, [client])
  useEffect(() => {
    if (online) void load()
    else setSessions({ state: 'failed' })
  }, [load, online])
  return { sessions, load }
}

/** Where this account is signed in; each can be ended, or all others at once. */
export function Sessions() {
  const client = useClient()
  const { t } = useLingui()
  const attempt = useAttempt()
  const tell = useTell()
  const { sessions, load } = useSessions()
  if (sessions.state === 'loading') return <RowSkeletons count={2} />
  if (sessions.state === 'failed') {
    return (
      <p className="text-ink-muted">
        <Trans>Without a connection Recado cannot say where you are signed in.</Trans>
      </p>
    )
  }
  const endOthers = async () => {
    if (await attempt(() => client.endOtherSessions())) tell(t`All other devices were signed out.`)
    await load()
  }
  return (
    <>
      <ul className="divide-y divide-line rounded border border-line bg-surface">
        {sessions.items.map(session => (
          <SessionRow key={session.id} session={session} onEnded={load} />
        ))}
      </ul>
      {sessions.items.length > 1 ? (
        <Button onClick={() => void endOthers()} className="mt-3">
          <Trans>Sign out all other devices</Trans>
        </Button>
      ) : null}
    </>
  )
}

function SessionRow({ session, onEnded }: { readonly session: Session; readonly onEnded: () => Promise<void> }) {
  const client = useClient()
  const attempt = useAttempt()
  const times = useTimes()
  const ago = times.ago(session.lastUsedAt)
  const end = async () => {
    await attempt(() => client.endSession(session.id))
    await onEnded()
  }
  return (
    <li className="flex min-h-14 items-center gap-3 py-1.5 ps-3 pe-1.5">
      <Monitor size={20} strokeWidth={1.75} className="shrink-0 text-ink-muted" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="truncate">{session.device}</p>
        <p className="text-ink-muted text-meta" title={times.exact(session.lastUsedAt)}>
          {session.current ? <Trans>This device</Trans> : <Trans>Last used {ago}</Trans>}
        </p>
      </div>
      {session.current ? null : (
        <Button tone="danger" onClick={() => void end()}>
          <Trans>End</Trans>
        </Button>
      )}
    </li>
  )
}
