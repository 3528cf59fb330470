import { useLingui } from '@lingui/react/macro'
import type { AccountId } from '@recado/protocol'
import type { ReactNode } from 'react'
import { classNames } from '../../components/class-names.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'

interface ProfileTriggerProps {
  readonly accountId: AccountId
  readonly name: string
  readonly className?: string
  /** `pointer`: no stop on the way of the Tab key, where the same is reached by another key. */
  readonly by?: 'pointer'
  readonly children: ReactNode
}

/** An avatar or a name that opens its person's profile. */
export function ProfileTrigger({ accountId, name, className, by, children }: ProfileTriggerProps) {
  const { t } = useLingui()
  const show = useShowOverlay()
  return (
    <button
      type="button"
      aria-label={t`Profile of ${name}`}
      tabIndex={by === 'pointer' ? -1 : undefined}
      onClick={() => show({ kind: 'person', accountId })}
      className={classNames(
        'relative cursor-pointer rounded-full text-start before:absolute before:-inset-1.5',
        className,
      )}
    >
      {children}
    </button>
  )
}
