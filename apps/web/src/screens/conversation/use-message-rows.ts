/**
 * Which rows of the message list are in the document, and where. What is read stays where it is, to the pixel, whatever
 * grows, shrinks, comes or goes elsewhere; at the end the list stays at the end.
 */
import {
  defaultRangeExtractor,
  type Range,
  useVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from '@tanstack/react-virtual'
import { type FocusEvent, type RefObject, useCallback, useLayoutEffect, useRef } from 'react'
import { isRunningText } from './body/body-text.tsx'
import type { Row } from './rows.ts'
import { useFollowing } from './use-following.ts'
import type { OpeningPlace } from './use-opening.ts'

export type MessageVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

/** This near to the end counts as being there. */
export const endThreshold = 80
/** What stands above the first row: the beginning of the history, or the sign that older messages load. */
const edgeHeight = 56
/** What stands below the newest row: nothing. Within it the list is at its end. */
const spaceAtEnd = 8
/** A row begins on screen as long as nothing but the space above its text is cut off. */
const spaceAboveText = 14
/** Where this much of the rows after a long one is on screen, they are what is read. */
const readableHeight = 40

interface MessageRowsInput {
  readonly rows: readonly Row[]
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly whenAtEnd: 'follow' | 'stay'
  /** Asked once, so that the first rows drawn are those that will be seen, and not the oldest. */
  readonly findOpening: () => OpeningPlace
}

export function useMessageRows({ rows, scroller, whenAtEnd, findOpening }: MessageRowsInput) {
  const { keepFocused, withFocused } = useFocusedRow(rows)
  const topOfPlace = useRef(0)
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimateHeight(rows[index]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: 6,
    scrollMargin: edgeHeight,
    paddingEnd: spaceAtEnd,
    anchorTo: 'end',
    followOnAppend: whenAtEnd === 'follow',
    scrollEndThreshold: endThreshold,
    rangeExtractor: withFocused,
    // Before it is in the document, the list is taken to be as high as the window.
    initialRect: { width: 0, height: window.innerHeight },
    initialOffset: () => estimateOffset(rows, findOpening()),
    scrollPaddingStart: topOfPlace.current,
  })
  useEndKept(scroller, rows.length > 0)
  const following = useFollowing({
    rows,
    scroller,
    whenAtEnd,
    threshold: endThreshold,
    scrollToEnd: () => virtualizer.scrollToEnd(),
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = isAboveReadingPlace
  /** Brings a row to so far below the top of the list, and keeps it there while what is around it is measured. */
  const scrollToPlace = useCallback(
    (index: number, top: number) => {
      topOfPlace.current = top
      virtualizer.options.scrollPaddingStart = top
      virtualizer.scrollToIndex(index, { align: 'start' })
    },
    [virtualizer],
  )
  return { virtualizer, measure: useMeasuring(virtualizer), keepFocused, scrollToPlace, following }
}

/**
 * Where the list gets lower at its end, for a composer that grows or a keyboard, the newest message stays above it. A row that
 * grew before the list had room for it leaves the list some pixels short of its end: it gets there with the room.
 */
function useEndKept(scroller: RefObject<HTMLDivElement | null>, shown: boolean): void {
  useLayoutEffect(() => {
    const list = scroller.current
    if (!list || !shown) return
    let height = list.clientHeight
    const observer = new ResizeObserver(() => {
      const lost = height - list.clientHeight
      const beyond = list.scrollHeight - list.scrollTop - height
      height = list.clientHeight
      if (lost > 0 && beyond <= endThreshold) list.scrollTop += lost
      if (list.scrollHeight - list.scrollTop - height <= spaceAtEnd) list.scrollTop = list.scrollHeight
    })
    observer.observe(list)
    if (list.firstElementChild) observer.observe(list.firstElementChild)
    return () => observer.disconnect()
  }, [scroller, shown])
}

/** The row that has the focus stays in the document wherever one scrolls: else the focus would be lost with it. */
function useFocusedRow(rows: readonly Row[]) {
  const focused = useRef<string | null>(null)
  const withFocused = (range: Range): number[] => {
    const indexes = defaultRangeExtractor(range)
    const index = focused.current === null ? -1 : rows.findIndex(row => row.key === focused.current)
    if (index < 0 || indexes.includes(index)) return indexes
    return [...indexes, index].sort((a, b) => a - b)
  }
  const keepFocused = {
    onFocus: ({ target }: FocusEvent) => {
      const index = target.closest('[data-index]')?.getAttribute('data-index') ?? null
      focused.current = (index === null ? undefined : rows[Number(index)]?.key) ?? null
    },
    onBlur: () => {
      focused.current = null
    },
  }
  return { keepFocused, withFocused }
}

/** What is read is the first row that begins on screen. One that began before it and changes has its end kept in place. */
function isAboveReadingPlace(
  row: VirtualItem,
  _delta: number,
  { scrollOffset, scrollRect }: Virtualizer<HTMLDivElement, Element>,
): boolean {
  const top = scrollOffset ?? 0
  return row.start < top - spaceAboveText && row.end <= top + (scrollRect?.height ?? 0) - readableHeight
}

/**
 * A row is measured in the commit that brings it, also while the list scrolls: measured later, what stands below it would be
 * seen at two places.
 */
function useMeasuring(virtualizer: MessageVirtualizer): (row: Element | null) => void {
  return useCallback(
    row => {
      const { isScrolling } = virtualizer
      virtualizer.isScrolling = false
      virtualizer.measureElement(row)
      virtualizer.isScrolling = isScrolling
    },
    [virtualizer],
  )
}

function estimateOffset(rows: readonly Row[], place: OpeningPlace): number {
  const before = place === 'end' ? rows : rows.slice(0, place.index)
  const height = before.reduce((sum, row) => sum + estimateHeight(row), edgeHeight)
  return Math.max(0, height - (place === 'end' ? window.innerHeight : place.top))
}

/** By row, since each measuring asks for those of all rows that were never drawn. */
const estimates = new WeakMap<Row, number>()

/** A first guess; the real height is measured once the row is in the document. */
function estimateHeight(row: Row | undefined): number {
  if (!row) return 44
  const known = estimates.get(row)
  if (known !== undefined) return known
  const estimate = estimateFresh(row)
  estimates.set(row, estimate)
  return estimate
}

function estimateFresh(row: Row): number {
  const body = (row.item.type === 'message' ? row.item.message.body : row.item.body) ?? ''
  const lines = Math.min(400, body.split('\n').length + Math.floor(body.length / 70))
  const footBeside = isRunningText(body) && (body.length - body.lastIndexOf('\n')) % 70 < 56
  return (footBeside ? 12 : 26) + lines * 22 + (row.startsRun ? 12 : 2) + (row.startsDay ? 48 : 0)
}
