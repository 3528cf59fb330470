import { useLingui } from '@lingui/react/macro'
import { Toolbar } from '../../components/toolbar.tsx'
import type { PickerSection, SectionId } from './picker-rows.ts'
import { sectionIcons, sectionIds, useSectionWords } from './section-words.ts'

interface SectionBarProps {
  readonly sections: readonly PickerSection[]
  readonly current: SectionId | null
  readonly onGo: (section: SectionId) => void
}

/** The groups that there are now: each leads to its place in the grid. */
export function SectionBar({ sections, current, onGo }: SectionBarProps) {
  const { t } = useLingui()
  const words = useSectionWords()
  const shown = sectionIds.filter(id => sections.some(section => section.id === id))
  if (shown.length === 0) return null
  return (
    <Toolbar
      label={t`Groups of emoji`}
      className="flex shrink-0 justify-between overflow-x-auto border-line border-b px-1 py-1 [scrollbar-width:none]"
    >
      {shown.map(id => {
        const Icon = sectionIcons[id]
        return (
          <button
            key={id}
            type="button"
            aria-label={words[id]}
            title={words[id]}
            aria-current={current === id ? 'true' : undefined}
            onClick={() => onGo(id)}
            className="inline-flex h-11 min-w-11 flex-1 items-center justify-center rounded text-ink-muted hover:bg-hover hover:text-ink aria-[current]:text-wax-ink md:pointer-fine:h-8 md:pointer-fine:min-w-0"
          >
            <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
          </button>
        )
      })}
    </Toolbar>
  )
}
