import { Popover } from '@base-ui/react/popover'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { floatClass } from './float-class.ts'
import type { FloatPlacement } from './floating-panel.tsx'
import { type Float, isOnAnchor } from './use-float.ts'

interface FloatingSurfaceProps extends FloatPlacement {
  readonly float: Float
  readonly title: string
  readonly children: ReactNode
}

export function FloatingSurface(props: FloatingSurfaceProps) {
  const { float, title, children, side = 'bottom', align = 'end', className, heading, finalFocus } = props
  return (
    <Popover.Root
      open={float.open}
      onOpenChange={(open, details) => (isOnAnchor(float, details) ? undefined : float.setOpen(open))}
    >
      <Popover.Portal>
        <Popover.Positioner
          anchor={float.anchor}
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50"
        >
          <Popover.Popup finalFocus={finalFocus ?? float.anchor} className={classNames(floatClass, className)}>
            <Popover.Title
              className={heading === 'spoken' ? 'sr-only' : 'px-2.5 pt-1.5 pb-1 font-semibold text-ink-muted text-meta'}
            >
              {title}
            </Popover.Title>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
