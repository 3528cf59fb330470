import { type KeyboardEvent, type MouseEvent, type RefObject, useRef, useState } from 'react'
import { isKey } from '../keys/match-key.ts'
import { findClickOrigin, type OpenedBy } from './opened-by.ts'

/** What a button that opens something floating spreads onto itself. */
export interface FloatTrigger {
  readonly ref: RefObject<HTMLButtonElement | null>
  readonly onClick: (event: MouseEvent) => void
  readonly 'aria-expanded': boolean
}

/** What a menu's button does besides: the arrow down opens it too. */
export interface MenuTrigger extends FloatTrigger {
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly 'aria-haspopup': 'menu'
}

/** Where it floats, and whether it is open: what the surfaces need. */
export interface Float {
  readonly open: boolean
  readonly openedBy: OpenedBy
  readonly anchor: RefObject<HTMLButtonElement | null>
  readonly setOpen: (open: boolean) => void
}

/**
 * The state between a button and what it opens. `used` tells whether it was ever open: the surface is loaded only then,
 * and stays mounted so that it can leave with a movement.
 */
export function useFloat(): { readonly trigger: FloatTrigger; readonly float: Float; readonly used: boolean } {
  const anchor = useRef<HTMLButtonElement>(null)
  const [open, setOpenNow] = useState(false)
  const [used, setUsed] = useState(false)
  const [openedBy, setOpenedBy] = useState<OpenedBy>('pointer')
  const setOpen = (next: boolean) => {
    setOpenNow(next)
    if (next) setUsed(true)
  }
  return {
    trigger: {
      ref: anchor,
      onClick: event => {
        setOpenedBy(findClickOrigin(event))
        setOpen(!open)
      },
      'aria-expanded': open,
    },
    float: { open, openedBy, anchor, setOpen },
    used,
  }
}

export function toMenuTrigger(trigger: FloatTrigger): MenuTrigger {
  return {
    ...trigger,
    'aria-haspopup': 'menu',
    onKeyDown: event => {
      if (!isKey(event.nativeEvent, 'rowBelow')) return
      event.preventDefault()
      trigger.ref.current?.click()
    },
  }
}

interface ChangeDetails {
  readonly event: Event
}

/** A press on the button itself is its own to handle: without this it would close and open again at once. */
export function isOnAnchor({ anchor }: Float, { event }: ChangeDetails): boolean {
  return event.target instanceof Node && anchor.current?.contains(event.target) === true && event.type !== 'keydown'
}
