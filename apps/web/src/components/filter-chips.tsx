import { useLingui } from '@lingui/react/macro'
import { classNames } from './class-names.ts'

interface FilterChipsProps<Filter extends string> {
  /** By filter, in their order. */
  readonly names: Readonly<Record<Filter, string>>
  readonly value: Filter
  /** What is shown without a filter. */
  readonly all: Filter
  readonly onChange: (filter: Filter) => void
}

/** Narrows a list; pressing the chosen one again shows all. */
export function FilterChips<Filter extends string>({ names, value, all, onChange }: FilterChipsProps<Filter>) {
  const { t } = useLingui()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form; these are buttons.
    <div role="group" aria-label={t`Show`} className="flex shrink-0 gap-1 overflow-x-auto px-3 py-1.5">
      {(Object.keys(names) as Filter[]).map(filter => (
        <button
          key={filter}
          type="button"
          aria-pressed={value === filter}
          onClick={() => onChange(value === filter ? all : filter)}
          className={classNames(
            // A thumb hits more than the eye sees.
            'relative min-h-8 min-w-11 shrink-0 rounded-full px-2.5 text-meta before:absolute before:inset-x-0 before:-inset-y-1.5 md:pointer-fine:min-h-7 md:pointer-fine:min-w-0',
            value === filter ? 'bg-wax-tint font-semibold text-wax-ink' : 'text-ink-muted hover:bg-hover',
          )}
        >
          {names[filter]}
        </button>
      ))}
    </div>
  )
}
