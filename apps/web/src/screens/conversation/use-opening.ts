/** Where a conversation opens: where it was left, else at the first unread message, else at the newest. */
import { useLayoutEffect, useState } from 'react'
import { useApp } from '../../state/app-context.ts'
import type { ReadingPlace } from '../../state/reading-places.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'
import { beginsUnread, type Row, sequenceOf } from './rows.ts'
import type { MovableParts } from './use-message-window.ts'

interface OpeningInput extends MovableParts {
  readonly unreadAfter: number | null
  readonly scrollToPlace: (index: number, top: number) => void
}

/** `fetching`: where it opens is not loaded, and is on its way. */
type Opening = 'new' | 'fetching' | 'fetched' | 'placed'

export function useOpening({ open, rows, virtualizer, move, unreadAfter, scrollToPlace }: OpeningInput): void {
  const { pointed, place } = useOpeningTarget()
  const [opening, setOpening] = useState<Opening>('new')
  useLayoutEffect(() => {
    if (opening === 'placed' || opening === 'fetching' || rows.length === 0) return
    const { handle, snapshot } = open
    const missing = pointed ? null : findMissing(open, rows, place, unreadAfter)
    if (opening === 'new' && missing !== null) {
      setOpening('fetching')
      void handle.jumpTo(missing).then(() => setOpening('fetched'))
      return
    }
    setOpening('placed')
    const left = place ? indexOf(rows, place.sequence) : -1
    const unread = rows.findIndex(row => row.firstUnread)
    // `usePointing` moves on from the end to where it leads, if that can be found.
    if (pointed) move(() => virtualizer.scrollToEnd())
    else if (place && left >= 0) {
      move(() => scrollToPlace(left, place.top))
    } else if (unread >= 0) move(() => scrollToPlace(Math.max(0, unread - 1), 0))
    else if (snapshot.hasOlder && beginsUnread(snapshot.items, unreadAfter)) {
      move(() => scrollToPlace(0, 0))
    } else move(() => virtualizer.scrollToEnd())
  }, [move, open, opening, place, pointed, rows, scrollToPlace, unreadAfter, virtualizer])
}

/** The sequence around which to load before anything can be shown where it opens. */
function findMissing(
  { snapshot }: OpeningInput['open'],
  rows: readonly Row[],
  place: ReadingPlace | null,
  unreadAfter: number | null,
): number | null {
  if (place) return indexOf(rows, place.sequence) < 0 ? place.sequence : null
  const mine = snapshot.view?.conversation.me
  if (!mine || !snapshot.hasOlder || !beginsUnread(snapshot.items, unreadAfter)) return null
  return Math.max(1, mine.read, mine.visibleFrom)
}

function indexOf(rows: readonly Row[], sequence: number): number {
  return rows.findIndex(row => sequenceOf(row.item) === sequence)
}

function useOpeningTarget() {
  const { pointedAt, handle } = useDesk()
  const { readingPlaces } = useApp()
  const me = useMe()
  const [target] = useState(() => {
    const address = new URLSearchParams(window.location.search)
    const pointed = pointedAt !== null || address.has('at') || address.has('on')
    return { pointed, place: pointed ? null : readingPlaces.find(me.id, handle.id) }
  })
  return target
}
