import { useLingui } from '@lingui/react/macro'
import { classNames } from '../../components/class-names.ts'
import { useTimes } from '../../i18n/use-times.ts'
import { useToday } from '../../i18n/use-today.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useDesk } from './desk.ts'

/** Above the first message of a day. */
export function DaySeparator({ at }: { readonly at: string }) {
  return (
    <div className="flex justify-center py-2">
      <DayButton at={at} className="bg-hover" />
    </div>
  )
}

interface StickyDayProps {
  /** When the first message on screen was written. */
  readonly at: string
  readonly shown: boolean
}

/** The day that is being read, while the list moves and for a moment after. */
export function StickyDay({ at, shown }: StickyDayProps) {
  return (
    <div
      data-sticky-day=""
      className={classNames(
        'pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center transition-[opacity,visibility]',
        shown ? 'visible opacity-100' : 'invisible opacity-0 delay-1000',
      )}
    >
      <DayButton at={at} className="pointer-events-auto border border-line bg-surface shadow-float" />
    </div>
  )
}

function DayButton({ at, className }: { readonly at: string; readonly className: string }) {
  const { t } = useLingui()
  const times = useTimes()
  const show = useShowOverlay()
  const { handle } = useDesk()
  useToday()
  const day = times.day(at)
  return (
    <button
      type="button"
      aria-label={t`${day}: go to a date`}
      title={t`Go to a date`}
      onClick={() => show({ kind: 'calendar', conversationId: handle.id, at })}
      className={classNames(
        // The thumb's target is larger than what is seen.
        'relative rounded-full px-3 py-0.5 text-fine text-ink-muted before:absolute before:-inset-x-2 before:-inset-y-3 before:content-[""] hover:text-ink',
        className,
      )}
    >
      <time dateTime={at}>{day}</time>
    </button>
  )
}
