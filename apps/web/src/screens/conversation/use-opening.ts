/** Where a conversation opens: where it was left, else at the first unread message, else at the newest. */
import { useLayoutEffect, useState } from 'react'
import { useApp } from '../../state/app-context.ts'
import type { ReadingPlace } from '../../state/reading-places.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'
import { beginsUnread, type Row, sequenceOf } from './rows.ts'
import type { MovableParts } from './use-message-window.ts'

/** What the address, or an earlier look at the conversation, says about where it opens. */
export interface OpeningTarget {
  /** `usePointing` brings it where the address leads. */
  readonly pointed: boolean
  readonly place: ReadingPlace | null
}

/** The row at the top, and how far below it; or the newest end. */
export type OpeningPlace = { readonly index: number; readonly top: number } | 'end'

interface OpeningParts extends Pick<MovableParts, 'open' | 'rows'> {
  readonly unreadAfter: number | null
  readonly target: OpeningTarget
}

interface OpeningInput extends OpeningParts, MovableParts {
  readonly scrollToPlace: (index: number, top: number) => void
}

/** `fetching`: where it opens is not loaded, and is on its way. */
type Opening = 'new' | 'fetching' | 'fetched' | 'placed'

export function useOpening(input: OpeningInput): void {
  const { open, rows, virtualizer, move, unreadAfter, scrollToPlace, target } = input
  const [opening, setOpening] = useState<Opening>('new')
  useLayoutEffect(() => {
    if (opening === 'placed' || opening === 'fetching' || rows.length === 0) return
    const parts = { open, rows, unreadAfter, target }
    const missing = findMissing(parts)
    if (opening === 'new' && missing !== null) {
      setOpening('fetching')
      void open.handle.jumpTo(missing).then(() => setOpening('fetched'))
      return
    }
    setOpening('placed')
    const place = findOpening(parts)
    move(() => (place === 'end' ? virtualizer.scrollToEnd() : scrollToPlace(place.index, place.top)))
  }, [move, open, opening, rows, scrollToPlace, target, unreadAfter, virtualizer])
}

/** Where it opens, among what is loaded. */
export function findOpening({ open: { snapshot }, rows, unreadAfter, target }: OpeningParts): OpeningPlace {
  const { pointed, place } = target
  // `usePointing` moves on from the end to where it leads, if that can be found.
  if (pointed) return 'end'
  const left = place ? indexOf(rows, place.sequence) : -1
  if (place && left >= 0) return { index: left, top: place.top }
  const unread = rows.findIndex(row => row.firstUnread)
  if (unread >= 0) return { index: Math.max(0, unread - 1), top: 0 }
  return snapshot.hasOlder && beginsUnread(snapshot.items, unreadAfter) ? { index: 0, top: 0 } : 'end'
}

/** The sequence around which to load before anything can be shown where it opens. */
function findMissing({ open: { snapshot }, rows, unreadAfter, target }: OpeningParts): number | null {
  const { pointed, place } = target
  if (pointed) return null
  if (place) return indexOf(rows, place.sequence) < 0 ? place.sequence : null
  const mine = snapshot.view?.conversation.me
  if (!mine || !snapshot.hasOlder || !beginsUnread(snapshot.items, unreadAfter)) return null
  return Math.max(1, mine.read, mine.visibleFrom)
}

function indexOf(rows: readonly Row[], sequence: number): number {
  return rows.findIndex(row => sequenceOf(row.item) === sequence)
}

export function useOpeningTarget(): OpeningTarget {
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
