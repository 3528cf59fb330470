import { Menu } from '@base-ui/react/menu'
import { type FocusEvent, type ReactNode, type RefObject, useRef } from 'react'
import { classNames } from './class-names.ts'
import { floatClass } from './float-class.ts'
import type { MenuEntry } from './menu.tsx'
import type { OpenedBy } from './opened-by.ts'

interface MenuPopupProps {
  readonly anchor: RefObject<HTMLElement | null> | { getBoundingClientRect(): DOMRect }
  readonly align: 'start' | 'end'
  readonly openedBy: OpenedBy
  readonly className?: string
  readonly finalFocus?: RefObject<HTMLElement | null>
  readonly children: ReactNode
}

const edgePx = 8

/** What a menu floats on. By keys it begins at its first entry; under a pointer none is chosen yet. */
export function MenuPopup({ anchor, align, openedBy, className, finalFocus, children }: MenuPopupProps) {
  return (
    <Menu.Portal>
      <Menu.Positioner anchor={anchor} align={align} sideOffset={4} collisionPadding={edgePx} className="z-50">
        <Menu.Popup
          {...(finalFocus && { finalFocus })}
          onFocus={useFirstEntry(openedBy)}
          className={classNames(floatClass, className)}
        >
          {children}
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  )
}

/** Hands the popup's first focus on. Later ones are of a pointer that leaves an entry. */
function useFirstEntry(openedBy: OpenedBy) {
  const begun = useRef<Element | null>(null)
  return ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    if (openedBy !== 'keys' || target !== currentTarget || begun.current === currentTarget) return
    begun.current = currentTarget
    currentTarget.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true })
  }
}

/** A point to float at, which stays within the window when that shrinks: a menu never leaves what it is anchored to. */
export function anchorAt({ x, y }: { readonly x: number; readonly y: number }) {
  return {
    getBoundingClientRect: () =>
      new DOMRect(Math.min(x, window.innerWidth - edgePx), Math.min(y, window.innerHeight - edgePx), 0, 0),
  }
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
