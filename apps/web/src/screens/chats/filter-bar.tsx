import { useLingui } from '@lingui/react/macro'
import { classNames } from '../../components/class-names.ts'
import { type ChatFilter, chatFilters } from './arrange-chats.ts'

interface FilterBarProps {
  readonly value: ChatFilter
  readonly onChange: (filter: ChatFilter) => void
}

/** Narrows the list; pressing the chosen one again shows all. */
export function FilterBar({ value, onChange }: FilterBarProps) {
  const { t } = useLingui()
  const names: Record<ChatFilter, string> = { all: t`All`, unread: t`Unread`, groups: t`Groups`, mentions: t`Mentions` }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form; these are buttons.
    <div role="group" aria-label={t`Show`} className="flex shrink-0 gap-1.5 overflow-x-auto px-3 py-1.5">
      {chatFilters.map(filter => (
        <button
          key={filter}
          type="button"
          aria-pressed={value === filter}
          onClick={() => onChange(value === filter ? 'all' : filter)}
          className={classNames(
            // A thumb hits more than the eye sees.
            'relative min-h-8 min-w-11 shrink-0 rounded-full px-3 text-meta before:absolute before:inset-x-0 before:-inset-y-1.5 md:pointer-fine:min-h-7 md:pointer-fine:min-w-0',
            value === filter ? 'bg-wax-tint font-semibold text-wax-ink' : 'text-ink-muted hover:bg-hover',
          )}
        >
          {names[filter]}
        </button>
      ))}
    </div>
  )
}
