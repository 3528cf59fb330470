import type { ReactNode, RefObject } from 'react'
import { lazyPart } from '../parts/lazy-part.tsx'
import { type FloatTrigger, useFloat } from './use-float.ts'

const FloatingSurface = lazyPart(() => import('./floating-surface.tsx').then(module => module.FloatingSurface))

export interface FloatPlacement {
  readonly side?: 'top' | 'bottom' | 'right'
  readonly align?: 'start' | 'center' | 'end'
  readonly className?: string
  /** For the ear only, where the eye sees what it is. */
  readonly heading?: 'spoken'
  /** Where the focus goes when it closes: the button that opened it, unless said otherwise. */
  readonly finalFocus?: RefObject<HTMLElement | null>
}

interface FloatingPanelProps extends FloatPlacement {
  /** The button that opens it, which spreads what it is given. */
  readonly trigger: (trigger: FloatTrigger & { readonly 'aria-haspopup': 'dialog' }) => ReactNode
  readonly title: string
  readonly children: (close: () => void) => ReactNode
}

/** A small panel beside the button that opened it. Its surface is loaded when it is first opened. */
export function FloatingPanel({ trigger, title, children, ...placement }: FloatingPanelProps) {
  const { trigger: props, float, used } = useFloat()
  return (
    <>
      {trigger({ ...props, 'aria-haspopup': 'dialog' })}
      {used ? (
        <FloatingSurface float={float} title={title} {...placement}>
          {children(() => float.setOpen(false))}
        </FloatingSurface>
      ) : null}
    </>
  )
}
