/**
 * Finds an emoji by its name, its group or what was used lately. The search field is an ARIA combobox over a grid: it keeps
 * the focus while the arrows go through the grid, of which only what is in sight is in the document.
 */
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { SaidAtRest } from '../../components/said-at-rest.tsx'
import { useMedia } from '../../state/use-media.ts'
import { type EmojiSheet, withTone } from '../emoji-sheet.ts'
import { NotLoaded } from '../not-loaded.tsx'
import { searchEmoji } from '../search-emoji.ts'
import { useEmojiHabits } from '../use-emoji-habits.ts'
import { useEmojiSheet } from '../use-emoji-sheet.ts'
import { EmojiGrid } from './emoji-grid.tsx'
import { PickerFoot } from './picker-foot.tsx'
import { emojiAt, type PickerSection, type SectionId } from './picker-rows.ts'
import { SectionBar } from './section-bar.tsx'
import { sectionIds } from './section-words.ts'
import { usePickerGrid } from './use-picker-grid.ts'

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
}

const foundAtMost = 200

export function EmojiPicker({ onPick }: EmojiPickerProps) {
  const { sheet, failed } = useEmojiSheet('now')
  if (failed) {
    return <NotLoaded />
  }
  return sheet ? <PickerBody sheet={sheet} onPick={onPick} /> : <PickerSkeleton />
}

function PickerBody({ sheet, onPick }: EmojiPickerProps & { readonly sheet: EmojiSheet }) {
  const { t } = useLingui()
  const id = useId()
  const [query, setQuery] = useState('')
  const habits = useEmojiHabits()
  const sections = useSections(sheet, query, habits.recent)
  const pick = (cell: number) => {
    const emoji = emojiAt(grid.rows, cell)
    if (!emoji) return
    habits.use(emoji.emoji)
    onPick(withTone(emoji, habits.tone))
  }
  const grid = usePickerGrid({ sections, searching: query.trim() !== '', onPick: pick })
  const field = useFirstFocus()
  const count = sections[0]?.emojis.length ?? 0
  const found = t({ message: plural(count, { one: '# emoji', other: '# emoji' }) })
  const active = grid.active === null ? null : emojiAt(grid.rows, grid.active)
  return (
    <>
      <div className="mx-1 mt-1 flex items-center gap-2 rounded border border-line bg-paper ps-2.5 focus-within:border-line-strong">
        <Search size={16} strokeWidth={1.75} className="shrink-0 text-ink-muted" aria-hidden="true" />
        <input
          ref={field}
          type="text"
          dir="auto"
          role="combobox"
          aria-label={t`Find an emoji`}
          aria-autocomplete="list"
          aria-haspopup="grid"
          aria-expanded="true"
          aria-controls={`${id}-grid`}
          aria-activedescendant={grid.active === null ? undefined : `${id}-${grid.active}`}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          value={query}
          placeholder={t`Find an emoji`}
          onChange={event => {
            setQuery(event.target.value)
            grid.reset()
          }}
          onKeyDown={grid.onKeyDown}
          className="min-h-11 min-w-0 flex-1 bg-transparent placeholder:text-ink-muted focus:outline-none md:pointer-fine:min-h-9"
        />
      </div>
      <SectionBar sections={sections} current={grid.current} onGo={grid.goTo} />
      <EmojiGrid id={id} grid={grid} tone={habits.tone} onPick={pick} />
      {query !== '' && count === 0 ? (
        <p className="flex-1 px-4 py-10 text-center text-ink-muted">
          <Trans>No emoji by this name. Try another word.</Trans>
        </p>
      ) : null}
      <PickerFoot emoji={active} tone={habits.tone} onTone={habits.setTone} />
      <SaidAtRest words={query === '' ? '' : found} />
    </>
  )
}

/** What is found, or what was used lately and then all groups. What was used lately holds still while the picker is open. */
function useSections(sheet: EmojiSheet, query: string, recent: readonly string[]): readonly PickerSection[] {
  const [lately] = useState(recent)
  const groups = useMemo(() => {
    const sections: PickerSection[] = []
    for (const id of sectionIds) {
      const emojis =
        id === 'recent'
          ? lately.flatMap(emoji => sheet.byEmoji.get(emoji) ?? [])
          : sheet.all.filter(({ group }) => group === id)
      if (emojis.length > 0) sections.push({ id, emojis })
    }
    return sections
  }, [lately, sheet])
  return useMemo(() => {
    if (query.trim() === '') return groups
    const found: SectionId = 'found'
    return [{ id: found, emojis: searchEmoji(sheet, query.replace(/^:|:$/gu, ''), foundAtMost) }]
  }, [groups, query, sheet])
}

/** With a keyboard one types at once; on a touch screen the keyboard would cover the emoji. */
function useFirstFocus() {
  const field = useRef<HTMLInputElement>(null)
  const touch = useMedia('(pointer: coarse)')
  useEffect(() => {
    if (!touch) field.current?.focus({ preventScroll: true })
  }, [touch])
  return field
}

/** The shape of what comes. */
function PickerSkeleton() {
  return (
    <div className="flex flex-1 flex-col gap-3 p-1" aria-hidden="true">
      <span className="skeleton h-11 md:pointer-fine:h-9" />
      <span className="skeleton h-8 w-2/3" />
      <span className="skeleton flex-1" />
    </div>
  )
}
