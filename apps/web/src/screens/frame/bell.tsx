import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { BellIcon } from 'lucide-react'
import { CountBadge } from '../../components/count-badge.tsx'
import { useFloat } from '../../components/use-float.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { railItemClass } from './rail-item.ts'

const BellPanel = lazyPart(() => import('./bell-panel.tsx').then(module => module.BellPanel))

/** What names you: mentions, replies, invitations. Kept by the server, cleared per conversation. */
export function Bell() {
  const { t } = useLingui()
  const bell = useSnapshot(snapshot => snapshot.bell)
  const { trigger, float, used } = useFloat()
  return (
    <>
      <button type="button" className={railItemClass} {...trigger} aria-haspopup="dialog">
        <BellIcon size={22} strokeWidth={1.75} aria-hidden="true" />
        <Trans>Bell</Trans>
        <span className="absolute start-[calc(50%+3px)] top-1">
          <CountBadge
            count={bell.count}
            label={t({ message: plural(bell.count, { one: '# notification', other: '# notifications' }) })}
          />
        </span>
      </button>
      {used ? <BellPanel float={float} items={bell.items} /> : null}
    </>
  )
}
