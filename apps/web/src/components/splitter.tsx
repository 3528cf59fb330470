import { type KeyboardEvent, type PointerEvent, useRef } from 'react'

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
  const onPointerMove = (event: PointerEvent) => {
    if (start.current) set(start.current.width + sign * (event.clientX - start.current.x))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') set(width - sign * 16)
    else if (event.key === 'ArrowRight') set(width + sign * 16)
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
