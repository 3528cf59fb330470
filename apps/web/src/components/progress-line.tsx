import { classNames } from './class-names.ts'

interface ProgressLineProps {
  readonly label: string
  /** From 0 to 1. */
  readonly value: number
  readonly className: string
}

/** How far something is on its way. */
export function ProgressLine({ label, value, className }: ProgressLineProps) {
  return (
    <progress
      aria-label={label}
      value={value}
      className={classNames(
        'h-1 appearance-none overflow-hidden rounded-full bg-ink/10 [&::-moz-progress-bar]:bg-present [&::-webkit-progress-bar]:bg-transparent [&::-webkit-progress-value]:bg-present [&::-webkit-progress-value]:transition-[width]',
        className,
      )}
    />
  )
}
