import { useLingui } from '@lingui/react/macro'
import type { MouseEvent } from 'react'
import { type Emoji, type Tone, withTone } from '../emoji-sheet.ts'
import type { PickerRow } from './picker-rows.ts'
import { useSectionWords } from './section-words.ts'
import type { PickerGrid } from './use-picker-grid.ts'

interface EmojiGridProps {
  readonly id: string
  readonly grid: PickerGrid
  readonly tone: Tone
  readonly onPick: (cell: number) => void
}

export function EmojiGrid({ id, grid, tone, onPick }: EmojiGridProps) {
  const { t } = useLingui()
  const { scroller, rows, columns, virtualizer, active, onKeyDown } = grid
  const pressed = (event: MouseEvent) => {
    const cell = event.target instanceof Element ? event.target.closest('[data-cell]') : null
    if (cell) onPick(Number(cell.getAttribute('data-cell')))
  }
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-1 pt-1">
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid is no table. */}
      <div
        id={`${id}-grid`}
        role="grid"
        aria-label={t`Emoji`}
        aria-rowcount={rows.length}
        aria-colcount={columns}
        // The search field drives it; whoever tabs on reaches it too.
        tabIndex={rows.length > 0 ? 0 : -1}
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        data-inset-focus=""
        onKeyDown={onKeyDown}
        onMouseDown={event => event.preventDefault()}
        onClick={pressed}
        className="relative w-full rounded"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map(({ index, start, size }) => {
          const row = rows[index]
          return row ? (
            // biome-ignore lint/a11y/useSemanticElements: a virtual grid is no table.
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field.
            <div
              key={index}
              role="row"
              aria-rowindex={index + 1}
              className="absolute inset-x-0 top-0 flex"
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              <Row id={id} row={row} grid={grid} tone={tone} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

interface RowProps {
  readonly id: string
  readonly row: PickerRow
  readonly grid: PickerGrid
  readonly tone: Tone
}

function Row({ id, row, grid: { active, cellSize, columns }, tone }: RowProps) {
  const words = useSectionWords()
  if (row.kind === 'heading') {
    return (
      // biome-ignore lint/a11y/useSemanticElements: a virtual grid is no table.
      // biome-ignore lint/a11y/useFocusableInteractive: a heading is not moved to.
      <span
        role="rowheader"
        aria-colspan={columns}
        className="flex items-end px-1.5 pb-1 font-semibold text-fine text-ink-muted"
      >
        {row.section === 'found' ? '' : words[row.section as keyof typeof words]}
      </span>
    )
  }
  return row.emojis.map((emoji, column) => (
    <Cell
      key={emoji.emoji}
      id={`${id}-${row.first + column}`}
      cell={row.first + column}
      emoji={emoji}
      shown={withTone(emoji, tone)}
      size={cellSize}
      columns={columns}
      active={row.first + column === active}
    />
  ))
}

interface CellProps {
  readonly id: string
  readonly cell: number
  readonly emoji: Emoji
  readonly shown: string
  readonly size: number
  readonly columns: number
  readonly active: boolean
}

function Cell({ id, cell, emoji, shown, size, columns, active }: CellProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual grid is no table.
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field.
    <span
      id={id}
      role="gridcell"
      data-cell={cell}
      aria-label={emoji.name}
      aria-selected={active}
      title={emoji.name}
      className="inline-flex cursor-pointer select-none items-center justify-center rounded text-[1.5rem] leading-none hover:bg-hover aria-selected:bg-selected aria-selected:outline-2 aria-selected:outline-wax aria-selected:-outline-offset-2"
      style={{ width: `${100 / columns}%`, height: size }}
    >
      {shown}
    </span>
  )
}
