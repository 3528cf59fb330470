import type { ReactNode } from 'react'

interface SuggestedOptionProps {
  readonly id: string
  readonly active: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}

/** A line of what a field suggests. The keys are the field's, which keeps the focus. */
export function SuggestedOption({ id, active, onChoose, children }: SuggestedOptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onMouseDown={event => event.preventDefault()}
      onClick={onChoose}
      className="flex min-h-11 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 hover:bg-hover aria-selected:bg-selected md:pointer-fine:min-h-9"
    >
      {children}
    </div>
  )
}
