import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { lazyPart } from '../parts/lazy-part.tsx'
import { type MenuTrigger, toMenuTrigger, useFloat } from './use-float.ts'

const MenuSurface = lazyPart(() => import('./menu-surface.tsx').then(module => module.MenuSurface))

export interface MenuEntry {
  readonly icon: LucideIcon
  readonly label: string
  readonly onSelect: () => void
  readonly tone?: 'danger'
}

interface MenuProps {
  /** The button that opens it, which spreads what it is given. */
  readonly trigger: (trigger: MenuTrigger) => ReactNode
  readonly entries: readonly MenuEntry[]
}

/** A menu below its button. Its surface is loaded when it is first opened. */
export function Menu({ trigger, entries }: MenuProps) {
  const { trigger: props, float, used } = useFloat()
  return (
    <>
      {trigger(toMenuTrigger(props))}
      {used ? <MenuSurface float={float} entries={entries} /> : null}
    </>
  )
}
