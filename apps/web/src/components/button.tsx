import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'

type Tone = 'primary' | 'secondary' | 'plain' | 'danger'

const tones: Record<Tone, string> = {
  primary: 'bg-wax text-on-wax font-semibold hover:bg-wax-deep disabled:opacity-55',
  secondary: 'bg-surface text-ink border border-line hover:bg-hover disabled:text-ink-muted',
  plain: 'text-ink hover:bg-hover disabled:text-ink-muted',
  danger: 'text-failure-ink hover:bg-failure-tint disabled:text-ink-muted',
}

interface ButtonProps extends ComponentProps<'button'> {
  /** At most one `primary` on a screen. */
  readonly tone?: Tone
}

export function Button({ tone = 'secondary', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(
        'inline-flex min-h-11 items-center justify-center gap-2 rounded px-4 md:pointer-fine:min-h-10',
        tones[tone],
        className,
      )}
      {...rest}
    />
  )
}
