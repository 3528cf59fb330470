/**
 * Which rows of the message list are in the document, and where. What is read stays where it is, to the pixel, whatever
 * grows, shrinks, comes or goes elsewhere; at the end the list stays at the end.
 */
import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback } from 'react'
import type { Row } from './rows.ts'

export type MessageVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

/** This near to the end counts as being there. */
export const endThreshold = 80
/** What stands above the first row: the beginning of the history, or the sign that older messages load. */
const edgeHeight = 56
/** Where this much of the rows after a long one is on screen, they are what is read. */
const readableHeight = 40

export function useMessageRows(
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
  whenAtEnd: 'follow' | 'stay',
) {
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimateHeight(rows[index]),
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 6,
    scrollMargin: edgeHeight,
    paddingEnd: 8,
    anchorTo: 'end',
    followOnAppend: whenAtEnd === 'follow',
    scrollEndThreshold: endThreshold,
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = isAboveReadingPlace
  return { virtualizer, measure: useMeasuring(virtualizer) }
}

/** What is read is the first row that begins on screen. One that began before it and changes has its end kept in place. */
function isAboveReadingPlace(
  row: VirtualItem,
  _delta: number,
  { scrollOffset, scrollRect }: Virtualizer<HTMLDivElement, Element>,
): boolean {
  const top = scrollOffset ?? 0
  return row.start < top && row.end <= top + (scrollRect?.height ?? 0) - readableHeight
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

/** A first guess; the real height is measured once the row is in the document. */
function estimateHeight(row: Row | undefined): number {
  if (!row) return 44
  const body = (row.item.type === 'message' ? row.item.message.body : row.item.body) ?? ''
  const lines = Math.min(400, body.split('\n').length + Math.floor(body.length / 70))
  return 24 + lines * 22 + (row.startsRun ? 12 : 2) + (row.startsDay ? 48 : 0)
}
