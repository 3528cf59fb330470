import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { isKey } from '../keys/match-key.ts'

interface SplitterProps {
  readonly label: string
  readonly width: number
  readonly min: number
  readonly max: number
  /** Which side the pane lies on whose width it is. */
  readonly pane: 'before' | 'after'
  readonly onChange: (width: number) => void
}

/** The edge between two panes: dragged by a pointer, or moved by the arrow keys 16 px at a time. */
export function Splitter({ label, width, min, max, pane, onChange }: SplitterProps) {
  const start = useRef<{ x: number; width: number } | null>(null)
  const sign = pane === 'before' ? 1 : -1
  const set = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))))

  const onPointerDown = (event: PointerEvent<HTMLHRElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { x: event.clientX, width }
  }
  const onPointerMove = (event: PointerEvent<HTMLHRElement>) => {
    if (start.current)
      set(start.current.width + sign * direction(event.currentTarget) * (event.clientX - start.current.x))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLHRElement>) => {
    const towards = sign * direction(event.currentTarget)
    if (isKey(event.nativeEvent, 'narrower')) set(width - towards * 16)
    else if (isKey(event.nativeEvent, 'wider')) set(width + towards * 16)
    else return
    event.preventDefault()
  }
  const stop = () => {
    start.current = null
  }

  return (
    <hr
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
      onKeyDown={onKeyDown}
      className="relative z-10 m-0 hidden h-full w-px shrink-0 cursor-col-resize touch-none border-0 bg-line before:absolute before:inset-y-0 before:-inset-x-1.5 hover:bg-wax focus-visible:bg-wax md:block"
    />
  )
}

/** Where panes run from right to left, moving right makes the one before smaller. */
function direction(element: Element): 1 | -1 {
  return getComputedStyle(element).direction === 'rtl' ? -1 : 1
}
