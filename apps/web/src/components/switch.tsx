import { type ReactNode, useId } from 'react'

interface SwitchProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly value: 'on' | 'off'
  /** `saving`: it shows what was chosen, which is not kept anywhere yet. */
  readonly state?: 'saved' | 'saving'
  readonly onChange: (value: 'on' | 'off') => void
}

/** On or off, at once. */
export function Switch({ label, hint, value, state = 'saved', onChange }: SwitchProps) {
  const id = useId()
  return (
    <label className="relative flex min-h-11 cursor-pointer items-center gap-3 py-1.5">
      <span className="min-w-0 flex-1">
        {label}
        {hint ? (
          <span id={`${id}-hint`} className="block text-ink-muted text-meta">
            {hint}
          </span>
        ) : null}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={value === 'on'}
        aria-busy={state === 'saving'}
        aria-label={label}
        aria-describedby={hint ? `${id}-hint` : undefined}
        checked={value === 'on'}
        onChange={event => onChange(event.target.checked ? 'on' : 'off')}
        className="peer sr-only"
      />
      <span
        aria-hidden="true"
        data-forced-border=""
        className="inline-flex h-6 w-11 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors peer-checked:bg-present peer-focus-visible:outline-2 peer-focus-visible:outline-wax peer-focus-visible:outline-offset-2 peer-checked:[&>span]:translate-x-5 rtl:peer-checked:[&>span]:-translate-x-5"
      >
        <span data-forced-fill="" className="size-5 rounded-full bg-surface transition-transform" />
      </span>
    </label>
  )
}
