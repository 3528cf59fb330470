import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { BellIcon } from 'lucide-react'
import { CountBadge } from '../../components/count-badge.tsx'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { railItemClass } from './rail-item.ts'

const BellLines = lazyPart(() => import('./bell-lines.tsx').then(module => module.BellLines))

/** What names you: mentions, replies, invitations. Kept by the server, cleared per conversation. */
export function Bell() {
  const { t } = useLingui()
  const bell = useSnapshot(snapshot => snapshot.bell)
  return (
    <FloatingPanel
      title={t`Notifications`}
      side="right"
      align="start"
      className="flex max-h-[min(32rem,70dvh)] w-80 max-w-[calc(100vw-1rem)] flex-col"
      trigger={trigger => (
        <button type="button" className={railItemClass} {...trigger}>
          <BellIcon size={22} strokeWidth={1.75} aria-hidden="true" />
          <Trans>Bell</Trans>
          <span className="absolute start-[calc(50%+3px)] top-1">
            <CountBadge
              count={bell.count}
              label={t({ message: plural(bell.count, { one: '# notification', other: '# notifications' }) })}
            />
          </span>
        </button>
      )}
    >
      {close => <BellLines items={bell.items} onOpen={close} />}
    </FloatingPanel>
  )
}
