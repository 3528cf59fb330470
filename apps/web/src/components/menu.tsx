import type { LucideIcon } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { type FloatTrigger, useFloat } from './use-float.ts'

const MenuSurface = lazy(() => import('./menu-surface.tsx').then(module => ({ default: module.MenuSurface })))

export interface MenuEntry {
  readonly icon: LucideIcon
  readonly label: string
  readonly onSelect: () => void
  readonly tone?: 'danger'
}

interface MenuProps {
  /** The button that opens it, which spreads what it is given. */
  readonly trigger: (trigger: FloatTrigger & { readonly 'aria-haspopup': 'menu' }) => ReactNode
  readonly entries: readonly MenuEntry[]
}

/** A menu below its button. Its surface is loaded when it is first opened. */
export function Menu({ trigger, entries }: MenuProps) {
  const { trigger: props, float, used } = useFloat()
  return (
    <>
      {trigger({ ...props, 'aria-haspopup': 'menu' })}
      {used ? (
        <Suspense>
          <MenuSurface float={float} entries={entries} />
        </Suspense>
      ) : null}
    </>
  )
}
