import type { KeyboardEvent, ReactNode } from 'react'
import { isKey } from '../keys/match-key.ts'

interface ToolbarProps {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}

/** Buttons in a row that are one stop of the tab key; the arrows go from one to the next (ARIA toolbar). */
export function Toolbar({ label, className, children }: ToolbarProps) {
  return (
    <div role="toolbar" aria-label={label} className={className} onKeyDown={moveFocus} onFocus={rove} ref={startRoving}>
      {children}
    </div>
  )
}

function buttonsOf(toolbar: HTMLElement): readonly HTMLButtonElement[] {
  return [...toolbar.querySelectorAll('button')].filter(button => !button.disabled)
}

/** The button that had the focus last is the stop, at first the first. */
function makeStop(toolbar: HTMLElement, stop: Element | undefined): void {
  for (const button of buttonsOf(toolbar)) button.tabIndex = button === stop ? 0 : -1
}

function startRoving(toolbar: HTMLElement | null): void {
  if (toolbar) makeStop(toolbar, buttonsOf(toolbar)[0])
}

function rove({ currentTarget, target }: { readonly currentTarget: HTMLElement; readonly target: EventTarget }): void {
  const button = target instanceof Element ? target.closest('button') : null
  if (button) makeStop(currentTarget, button)
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const buttons = buttonsOf(event.currentTarget)
  const at = buttons.findIndex(button => button.contains(document.activeElement))
  const mirrored = getComputedStyle(event.currentTarget).direction === 'rtl'
  const press = event.nativeEvent
  let next = -1
  if (isKey(press, mirrored ? 'previousInRow' : 'nextInRow')) next = (at + 1) % buttons.length
  else if (isKey(press, mirrored ? 'nextInRow' : 'previousInRow')) next = (at - 1 + buttons.length) % buttons.length
  else if (isKey(press, 'firstInRow')) next = 0
  else if (isKey(press, 'lastInRow')) next = buttons.length - 1
  const button = buttons[next]
  if (!button) return
  event.preventDefault()
  button.focus()
}
