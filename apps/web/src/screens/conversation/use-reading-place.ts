/**
 * Where the reader is: told to the SDK, so that live messages push nothing out from under the eyes, and kept for coming back.
 */
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useApp } from '../../state/app-context.ts'
import type { ReadingPlace } from '../../state/reading-places.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { sequenceOf } from './rows.ts'
import type { Following } from './use-following.ts'
import { endThreshold } from './use-message-rows.ts'
import type { WindowParts } from './use-message-window.ts'

interface ReadingPlaceInput extends WindowParts {
  readonly settled: boolean
  readonly following: Following
}

export function useReadingPlace(input: ReadingPlaceInput): void {
  const { readingPlaces } = useApp()
  const { id: account } = useMe()
  const { handle } = input.open
  const latest = useRef(input)
  useLayoutEffect(() => {
    latest.current = input
  })
  useEffect(() => {
    if (input.settled) handle.reads(findPlace(input)?.sequence ?? null)
  })
  useLayoutEffect(
    () => () => {
      // What was left before it came to rest was not a place to read.
      if (latest.current.settled) readingPlaces.keep(account, handle.id, findPlace(latest.current))
    },
    [account, handle, readingPlaces],
  )
}

/** The first message on screen; null at the newest. */
function findPlace({ open, rows, virtualizer, following }: ReadingPlaceInput): ReadingPlace | null {
  if ((following.isAtEnd() || virtualizer.isAtEnd(endThreshold)) && !open.snapshot.hasNewer) return null
  const offset = virtualizer.scrollOffset ?? 0
  const first = virtualizer.getVirtualItemForOffset(offset)
  const row = first && rows[first.index]
  const sequence = row ? sequenceOf(row.item) : null
  return first && sequence !== null ? { sequence, top: first.start - offset } : null
}
