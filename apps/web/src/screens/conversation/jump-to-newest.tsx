import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { ArrowDown } from 'lucide-react'
import { CountBadge } from '../../components/count-badge.tsx'

interface JumpToNewestProps {
  readonly shown: boolean
  readonly unread: number
  readonly onJump: () => void
}

export function JumpToNewest({ shown, unread, onJump }: JumpToNewestProps) {
  const { t } = useLingui()
  if (!shown) return null
  return (
    <button
      type="button"
      title={t`Go to the newest message`}
      onClick={onJump}
      className="animate-arrive absolute end-4 bottom-2 inline-flex size-11 items-center justify-center rounded-full border border-line bg-surface text-ink shadow-float hover:bg-hover"
    >
      <ArrowDown size={20} strokeWidth={1.75} aria-hidden="true" />
      <span className="sr-only">{t`Go to the newest message`}</span>
      <span className="-top-2 absolute">
        <CountBadge
          count={unread}
          label={t({ message: plural(unread, { one: '# unread message', other: '# unread messages' }) })}
        />
      </span>
    </button>
  )
}
