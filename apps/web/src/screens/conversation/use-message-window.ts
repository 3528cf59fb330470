import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useAttention } from '../../state/attention.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'
import { buildRows, type Row, sequenceOf } from './rows.ts'
import { endThreshold, type MessageVirtualizer, useMessageRows } from './use-message-rows.ts'
import { findOpening, useOpening, useOpeningTarget } from './use-opening.ts'
import { useReadingPlace } from './use-reading-place.ts'

interface MessageWindowInput {
  readonly open: OpenConversation
  readonly sent: number
  readonly scroller: RefObject<HTMLDivElement | null>
}

/** Pages are asked for when so few rows are left towards their edge. */
const rowsAhead = 18

export function useMessageWindow({ open, sent, scroller }: MessageWindowInput) {
  const { rows, unreadAfter } = useRows(open)
  const target = useOpeningTarget()
  const { virtualizer, measure, keepFocused, scrollToPlace, following } = useMessageRows({
    rows,
    scroller,
    whenAtEnd: open.snapshot.hasNewer ? 'stay' : 'follow',
    findOpening: () => findOpening({ open, rows, unreadAfter, target }),
  })
  const { settled, move } = useMoves(following.leave)
  const goToNewest = useNewest({ open, rows, virtualizer, move })

  useOpening({ open, rows, virtualizer, move, unreadAfter, scrollToPlace, target })
  useReadingPlace({ open, rows, virtualizer, settled, following })
  usePaging({ open, virtualizer, count: rows.length, settled })
  useReadMark({ open, rows, virtualizer, scroller, settled })
  usePointing({ rows, virtualizer, move })
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a message just sent moves the list.
  useEffect(() => {
    if (sent > 0) goToNewest()
  }, [sent])

  const first = rows[virtualizer.getVirtualItemForOffset(virtualizer.scrollOffset ?? 0)?.index ?? -1]
  return {
    rows,
    virtualizer,
    measure,
    keepFocused,
    readAt: first?.at ?? null,
    goToNewest,
    atEnd: virtualizer.isAtEnd(endThreshold * 4),
  }
}

function useRows({ snapshot }: OpenConversation) {
  const me = useMe()
  const previous = useRef<readonly Row[]>([])
  const unreadAfter = useUnreadAfter(snapshot.view?.unread ?? 0, snapshot.view?.conversation.me.read ?? null)
  const { items, hasOlder } = snapshot
  // Not at each frame of scrolling, but when what is held has changed.
  const rows = useMemo(() => {
    const built = buildRows({ items, me: me.id, unreadAfter, hasOlder, previous: previous.current })
    const unchanged = built.length === previous.current.length && built.every((row, i) => row === previous.current[i])
    return unchanged ? previous.current : built
  }, [items, me.id, unreadAfter, hasOlder])
  useLayoutEffect(() => {
    previous.current = rows
  })
  return { rows, unreadAfter }
}

/** Where the reader was when the conversation was opened: the divider stays there while it is open. */
function useUnreadAfter(unread: number, read: number | null): number | null {
  const [opened, setOpened] = useState<{ readonly after: number | null } | null>(null)
  if (opened === null && read !== null) setOpened({ after: unread > 0 ? read : null })
  return opened?.after ?? null
}

type Move = (scroll: () => void) => void

/** While the list moves to a row, rows must not come in before it: the virtualizer goes by number, not by key. */
const settleMs = 350

/** Moves of the list, and whether the last one is over. Before the first, at opening, nothing has settled either. */
function useMoves(leaveEnd: () => void): { readonly settled: boolean; readonly move: Move } {
  const [settled, setSettled] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const move = useCallback<Move>(
    scroll => {
      setSettled(false)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setSettled(true), settleMs)
      leaveEnd()
      scroll()
    },
    [leaveEnd],
  )
  return { settled, move }
}

export interface WindowParts {
  readonly open: OpenConversation
  readonly rows: readonly Row[]
  readonly virtualizer: MessageVirtualizer
}

export interface MovableParts extends WindowParts {
  readonly move: Move
}

/** Goes to the newest message: at once when it is loaded, else as soon as it has come. */
function useNewest({ open, rows, virtualizer, move }: MovableParts): () => void {
  const [wanted, setWanted] = useState(false)
  const { handle, snapshot } = open
  useEffect(() => {
    if (!wanted || snapshot.hasNewer || rows.length === 0) return
    setWanted(false)
    move(() => virtualizer.scrollToEnd())
  }, [move, rows, snapshot.hasNewer, virtualizer, wanted])
  return () => {
    setWanted(true)
    if (snapshot.hasNewer) void handle.jumpToNewest()
  }
}

interface PagingInput {
  readonly open: OpenConversation
  readonly virtualizer: MessageVirtualizer
  readonly count: number
  readonly settled: boolean
}

function usePaging({ open, virtualizer, count, settled }: PagingInput): void {
  const { handle, snapshot } = open
  const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.calculateRange() ?? {}
  const failed = snapshot.problem !== null
  useEffect(() => {
    if (count === 0 || failed || !settled) return
    if (snapshot.hasOlder && !snapshot.loading.older && first < rowsAhead) void handle.loadOlder()
    if (snapshot.hasNewer && !snapshot.loading.newer && last > count - rowsAhead) void handle.loadNewer()
  }, [count, failed, first, handle, last, settled, snapshot])
}

interface ReadMarkInput extends WindowParts {
  readonly settled: boolean
  readonly scroller: RefObject<HTMLDivElement | null>
}

/**
 * Tells the SDK the newest message that was on screen while somebody could be reading. What flies by on the way to where
 * the list is going was not read.
 */
function useReadMark({ open, rows, virtualizer, scroller, settled }: ReadMarkInput): void {
  const attentive = useAttention()
  const told = useRef(0)
  useEffect(() => {
    const element = scroller.current
    if (!attentive || !settled || !element) return
    const bottom = element.scrollTop + element.clientHeight
    const seen = virtualizer
      .getVirtualItems()
      .filter(item => item.start + Math.min(item.size, 48) <= bottom)
      .map(item => rows[item.index])
      .findLast(row => row !== undefined && sequenceOf(row.item) !== null)
    const sequence = seen ? sequenceOf(seen.item) : null
    if (sequence === null || sequence <= told.current) return
    told.current = sequence
    open.handle.markRead(sequence)
  })
}

/** Brings the message that a quote or a link points at to the middle. */
function usePointing({ rows, virtualizer, move }: Omit<MovableParts, 'open'>): void {
  const { pointedAt } = useDesk()
  const done = useRef<number | null>(null)
  useEffect(() => {
    if (pointedAt === null) {
      done.current = null
      return
    }
    if (done.current === pointedAt) return
    const index = rows.findIndex(row => sequenceOf(row.item) === pointedAt)
    if (index < 0) return
    done.current = pointedAt
    move(() => virtualizer.scrollToIndex(index, { align: 'center' }))
  }, [move, pointedAt, rows, virtualizer])
}
