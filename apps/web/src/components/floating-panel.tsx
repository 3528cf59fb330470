import { Popover } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { floatClass } from './menu.tsx'

interface FloatingPanelProps {
  readonly trigger: ReactElement
  readonly title: string
  readonly children: ReactNode
  readonly side?: 'top' | 'bottom' | 'right'
  readonly align?: 'start' | 'center' | 'end'
  readonly className?: string
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
}

/** A small panel beside the button that opened it. */
export function FloatingPanel(props: FloatingPanelProps) {
  const { trigger, title, children, side = 'bottom', align = 'end', className, open, onOpenChange } = props
  return (
    <Popover.Root {...(open === undefined ? {} : { open })} onOpenChange={next => onOpenChange?.(next)}>
      <Popover.Trigger render={trigger} />
      <Popover.Portal>
        <Popover.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-50">
          <Popover.Popup className={classNames(floatClass, className)}>
            <Popover.Title className="px-2.5 pt-1.5 pb-1 font-semibold text-meta text-ink-muted">{title}</Popover.Title>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
