import { Menu as BaseMenu } from '@base-ui/react/menu'
import type { LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode
  readonly side?: 'top' | 'bottom' | 'right'
  readonly align?: 'start' | 'center' | 'end'
  readonly onOpenChange?: (open: boolean) => void
}

export const floatClass =
  'floating z-50 rounded border border-line bg-surface p-1 text-ink shadow-float outline-none origin-(--transform-origin)'

export function Menu({ trigger, children, side = 'bottom', align = 'end', onOpenChange }: MenuProps) {
  return (
    <BaseMenu.Root {...(onOpenChange ? { onOpenChange } : {})}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner side={side} align={align} sideOffset={4} className="z-50">
          <BaseMenu.Popup className={classNames(floatClass, 'min-w-44')}>{children}</BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  )
}

interface MenuItemProps {
  readonly icon: LucideIcon
  readonly children: ReactNode
  readonly onSelect: () => void
  readonly tone?: 'plain' | 'danger'
}

export function MenuItem({ icon: Icon, children, onSelect, tone = 'plain' }: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onSelect}
      className={classNames(
        'flex min-h-11 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2.5 outline-none md:pointer-fine:min-h-9',
        'data-highlighted:bg-hover',
        tone === 'danger' && 'text-failure-ink',
      )}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      {children}
    </BaseMenu.Item>
  )
}
