import { useLingui } from '@lingui/react/macro'
import { CloudOff } from 'lucide-react'
import { classNames } from '../../components/class-names.ts'
import { useLasting } from '../../state/use-lasting.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'

/** A lost connection that comes back within this time is nobody's business. */
const patienceMs = 1_500

/** Calm: a small mark while there is no connection, nothing at all while there is one. */
export function ConnectionMark({ shape }: { readonly shape: 'rail' | 'line' }) {
  const { t } = useLingui()
  const away = useSnapshot(({ connection }) => connection.state !== 'online')
  const since = useSnapshot(({ connection }) => connection.since)
  const offline = useLasting(away, patienceMs, since)
  const waiting = useSnapshot(snapshot => snapshot.outbox.waiting)
  const explanation =
    waiting > 0
      ? t`No connection. What you wrote is safe here and goes out when it returns.`
      : t`No connection. You can read and write; messages go out when it returns.`
  return (
    <div role="status" className={classNames('text-ink-muted', shape === 'line' && 'md:hidden')}>
      {offline ? (
        <span
          title={explanation}
          className={classNames(
            'animate-arrive flex items-center',
            shape === 'rail' ? 'flex-col gap-0.5 text-fine' : 'gap-2 px-4 pb-2 text-meta',
          )}
        >
          <CloudOff size={shape === 'rail' ? 20 : 16} strokeWidth={1.75} className="shrink-0" aria-hidden="true" />
          <span>
            {shape === 'rail' ? t`Offline` : explanation}
            {shape === 'rail' ? <span className="sr-only">. {explanation}</span> : null}
          </span>
        </span>
      ) : null}
    </div>
  )
}
