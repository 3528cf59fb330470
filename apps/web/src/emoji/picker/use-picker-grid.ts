import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { KeyId } from '../../keys/key-table.ts'
import { isKey } from '../../keys/match-key.ts'
import { useMedia } from '../../state/use-media.ts'
import {
  findCell,
  type GridMove,
  layRows,
  moveCell,
  type PickerRow,
  type PickerSection,
  type SectionId,
} from './picker-rows.ts'

interface PickerGridInput {
  readonly sections: readonly PickerSection[]
  /** Then the first that was found is the one that Enter takes. */
  readonly searching: boolean
  readonly onPick: (cell: number) => void
}

const headingHeight = 30
/** A cell is square: a thumb's or a mouse's. */
const cellSizes = { touch: 44, mouse: 36 } as const

const moves = [
  ['rowAbove', 'above'],
  ['rowBelow', 'below'],
  ['pageAbove', 'page-up'],
  ['pageBelow', 'page-down'],
] as const satisfies readonly (readonly [KeyId, GridMove])[]
/** These move the caret of the search field until the grid has been entered. */
const innerMoves = [
  ['previousInRow', 'before'],
  ['nextInRow', 'after'],
  ['firstInRow', 'row-start'],
  ['lastInRow', 'row-end'],
] as const satisfies readonly (readonly [KeyId, GridMove])[]

export function usePickerGrid({ sections, searching, onPick }: PickerGridInput) {
  const scroller = useRef<HTMLDivElement>(null)
  const cellSize = useMedia('(pointer: coarse)') ? cellSizes.touch : cellSizes.mouse
  const columns = useColumns(scroller, cellSize)
  const rows = useMemo(() => layRows(sections, columns), [sections, columns])
  const [entered, setEntered] = useState<number | null>(null)
  const active = entered ?? (searching && rows.length > 0 ? 0 : null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => (rows[index]?.kind === 'heading' ? headingHeight : cellSize),
    overscan: 4,
  })
  // A row keeps its place but not its height when the sections or the width change.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows decide.
  useLayoutEffect(() => virtualizer.measure(), [rows, cellSize])

  const enter = (cell: number) => {
    setEntered(cell)
    const place = findCell(rows, cell)
    if (place) virtualizer.scrollToIndex(place.row === 1 ? 0 : place.row)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const offered = entered === null ? moves : [...moves, ...innerMoves]
    const move = offered.find(([key]) => isKey(event.nativeEvent, key))?.[1]
    if (move) enter(moveCell(rows, active, mirror(move, event.currentTarget)))
    else if (isKey(event.nativeEvent, 'choose') && active !== null) onPick(active)
    else return
    event.preventDefault()
  }
  const topRow = rows[virtualizer.getVirtualIndexes().find(index => isInSight(virtualizer, index)) ?? 0]
  return {
    scroller,
    rows,
    columns,
    cellSize,
    active,
    virtualizer,
    onKeyDown,
    current: topRow?.section ?? null,
    reset() {
      setEntered(null)
      virtualizer.scrollToOffset(0)
    },
    goTo(section: SectionId) {
      setEntered(null)
      virtualizer.scrollToIndex(indexOf(rows, section), { align: 'start' })
    },
  }
}

export type PickerGrid = ReturnType<typeof usePickerGrid>

function isInSight(virtualizer: { scrollOffset: number | null; measurementsCache: { end: number }[] }, index: number) {
  return (virtualizer.measurementsCache[index]?.end ?? 0) > (virtualizer.scrollOffset ?? 0) + 1
}

function indexOf(rows: readonly PickerRow[], section: SectionId): number {
  return Math.max(
    0,
    rows.findIndex(row => row.section === section),
  )
}

/** In a layout from right to left the next one is on the left. */
function mirror(move: GridMove, element: Element): GridMove {
  if (getComputedStyle(element).direction !== 'rtl') return move
  return move === 'before' ? 'after' : move === 'after' ? 'before' : move
}

/** As many as fit. */
function useColumns(scroller: RefObject<HTMLDivElement | null>, cellSize: number): number {
  const [columns, setColumns] = useState(8)
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => setColumns(Math.max(5, Math.floor(element.clientWidth / cellSize)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, cellSize])
  return columns
}
