import { classNames } from './class-names.ts'

interface CountBadgeProps {
  readonly count: number
  /** Of what. */
  readonly label: string
  /** `quiet` for what does not call, such as a muted chat. */
  readonly tone?: 'calling' | 'quiet'
}

/** How many are unread, in wax. */
export function CountBadge({ count, label, tone = 'calling' }: CountBadgeProps) {
  if (count <= 0) return null
  return (
    <span
      role="img"
      aria-label={label}
      data-forced-border=""
      className={classNames(
        'tabular inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 font-semibold text-fine',
        tone === 'quiet' ? 'bg-selected text-ink' : 'bg-wax text-on-wax',
      )}
    >
      {count > 999 ? '999+' : count}
    </span>
  )
}
