import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  readonly icon: LucideIcon
  /** What it does, for hover and for screen readers. */
  readonly label: string
}

/** 44 px for a thumb, 36 px for a mouse. */
export const iconButtonClass =
  'relative inline-flex size-11 shrink-0 items-center justify-center rounded text-ink-muted ' +
  'hover:bg-hover hover:text-ink disabled:opacity-45 disabled:hover:bg-transparent md:pointer-fine:size-9 ' +
  'data-popup-open:bg-hover data-popup-open:text-ink'

export function IconButton({ icon: Icon, label, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button type={type} aria-label={label} title={label} className={classNames(iconButtonClass, className)} {...rest}>
      <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
    </button>
  )
}
