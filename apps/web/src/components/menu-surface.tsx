import { Menu } from '@base-ui/react/menu'
import type { MenuEntry } from './menu.tsx'
import { MenuEntries, MenuPopup } from './menu-popup.tsx'
import { type Float, isOnAnchor } from './use-float.ts'

interface MenuSurfaceProps {
  readonly float: Float
  readonly entries: readonly MenuEntry[]
}

export function MenuSurface({ float, entries }: MenuSurfaceProps) {
  const { anchor, openedBy } = float
  return (
    <Menu.Root
      open={float.open}
      onOpenChange={(open, details) => (isOnAnchor(float, details) ? undefined : float.setOpen(open))}
    >
      <MenuPopup anchor={anchor} align="end" openedBy={openedBy} finalFocus={anchor} className="min-w-44">
        <MenuEntries entries={entries} />
      </MenuPopup>
    </Menu.Root>
  )
}
