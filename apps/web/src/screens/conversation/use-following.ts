/**
 * Whoever is at the end stays there. The virtualizer follows what is appended; where so much comes at once that it loses
 * the end, this takes the list back to it, unless the reader has gone elsewhere.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { Row } from './rows.ts'

interface FollowingInput {
  readonly rows: readonly Row[]
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly whenAtEnd: 'follow' | 'stay'
  /** This near to the end counts as being there, px. */
  readonly threshold: number
  readonly scrollToEnd: () => void
}

/** What the reader does moves the list for so long. */
const inputMs = 1_000
const inputs = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const

export interface Following {
  /** Whether the reader is at the end, also while what has just come is not in view yet. */
  readonly isAtEnd: () => boolean
  /** To be called before the list is moved to somewhere else. */
  readonly leave: () => void
}

export function useFollowing({ rows, scroller, whenAtEnd, threshold, scrollToEnd }: FollowingInput): Following {
  const following = useRef(false)
  const movedByReader = useRef(Number.NEGATIVE_INFINITY)
  /** Since the list was last seen to move: only then may it have moved by itself. */
  const changed = useRef(false)
  const shown = rows.length > 0
  useEffect(() => {
    const list = scroller.current
    if (!list || !shown) return
    const scrolled = () => {
      if (distanceFromEnd(list) <= threshold) following.current = true
      else if (!changed.current || performance.now() - movedByReader.current < inputMs) following.current = false
      changed.current = false
    }
    const moved = () => {
      movedByReader.current = performance.now()
    }
    list.addEventListener('scroll', scrolled, { passive: true })
    for (const input of inputs) list.addEventListener(input, moved, { passive: true })
    return () => {
      list.removeEventListener('scroll', scrolled)
      for (const input of inputs) list.removeEventListener(input, moved)
    }
  }, [scroller, shown, threshold])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only rows that come or go move the end.
  useLayoutEffect(() => {
    changed.current = true
    const list = scroller.current
    if (list && whenAtEnd === 'follow' && following.current && distanceFromEnd(list) > threshold) scrollToEnd()
  }, [rows])
  const isAtEnd = useCallback(() => following.current, [])
  const leave = useCallback(() => {
    following.current = false
  }, [])
  return { isAtEnd, leave }
}

function distanceFromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight
}
