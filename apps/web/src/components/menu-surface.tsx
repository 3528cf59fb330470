import { Menu } from '@base-ui/react/menu'
import { classNames } from './class-names.ts'
import { floatClass } from './float-class.ts'
import type { MenuEntry } from './menu.tsx'
import { type Float, isOnAnchor } from './use-float.ts'

interface MenuSurfaceProps {
  readonly float: Float
  readonly entries: readonly MenuEntry[]
}

export function MenuSurface({ float, entries }: MenuSurfaceProps) {
  return (
    <Menu.Root
      open={float.open}
      onOpenChange={(open, details) => (isOnAnchor(float, details) ? undefined : float.setOpen(open))}
    >
      <Menu.Portal>
        <Menu.Positioner anchor={float.anchor} align="end" sideOffset={4} collisionPadding={8} className="z-50">
          <Menu.Popup finalFocus={float.anchor} className={classNames(floatClass, 'min-w-44')}>
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map(({ icon: Icon, label, onSelect, tone }) => (
    <Menu.Item
      key={label}
      onClick={onSelect}
      className={classNames(
        'flex min-h-11 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2.5 outline-none md:pointer-fine:min-h-9',
        'data-highlighted:bg-hover',
        tone === 'danger' && 'text-failure-ink',
      )}
    >
      <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
      {label}
    </Menu.Item>
  ))
}
