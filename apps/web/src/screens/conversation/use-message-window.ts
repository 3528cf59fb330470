import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useAttention } from '../../state/attention.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useMe } from '../../state/use-snapshot.ts'
import { useDesk } from './desk.ts'
import { buildRows, type Row, sequenceOf } from './rows.ts'

interface MessageWindowInput {
  readonly open: OpenConversation
  readonly sent: number
  readonly scroller: RefObject<HTMLDivElement | null>
}

/** Pages are asked for when so few rows are left towards their edge. */
const rowsAhead = 12
/** This near to the end counts as being there. */
const endThreshold = 80
/** What stands above the first row: the beginning of the history, or the sign that older messages load. */
const edgeHeight = 56

export function useMessageWindow({ open, sent, scroller }: MessageWindowInput) {
  const rows = useRows(open)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimateHeight(rows[index]),
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 6,
    scrollMargin: edgeHeight,
    paddingEnd: 8,
    anchorTo: 'end',
    followOnAppend: !open.snapshot.hasNewer,
    scrollEndThreshold: endThreshold,
    useAnimationFrameWithResizeObserver: true,
  })
  const goToNewest = async () => {
    if (open.snapshot.hasNewer) await open.handle.jumpToNewest()
    requestAnimationFrame(() => virtualizer.scrollToEnd())
  }

  useOpening({ open, rows, virtualizer })
  usePaging({ open, virtualizer, count: rows.length })
  useReadMark({ open, rows, virtualizer, scroller })
  usePointing(rows, virtualizer)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a message just sent moves the list.
  useEffect(() => {
    if (sent > 0) void goToNewest()
  }, [sent])

  return { rows, virtualizer, goToNewest, atEnd: virtualizer.isAtEnd(endThreshold * 4) }
}

type MessageVirtualizer = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

function useRows({ snapshot }: OpenConversation): readonly Row[] {
  const me = useMe()
  const previous = useRef<readonly Row[]>([])
  const unreadAfter = useUnreadAfter(snapshot.view?.unread ?? 0, snapshot.view?.conversation.me.read ?? null)
  const rows = buildRows({ items: snapshot.items, me: me.id, unreadAfter, previous: previous.current })
  const unchanged = rows.length === previous.current.length && rows.every((row, i) => row === previous.current[i])
  const stable = unchanged ? previous.current : rows
  useLayoutEffect(() => {
    previous.current = stable
  })
  return stable
}

/** Where the reader was when the conversation was opened: the divider stays there while it is open. */
function useUnreadAfter(unread: number, read: number | null): number | null {
  const [opened, setOpened] = useState<{ readonly after: number | null } | null>(null)
  if (opened === null && read !== null) setOpened({ after: unread > 0 ? read : null })
  return opened?.after ?? null
}

/** A first guess; the real height is measured once the row is on screen. */
function estimateHeight(row: Row | undefined): number {
  if (!row) return 44
  const body = (row.item.type === 'message' ? row.item.message.body : row.item.body) ?? ''
  const lines = Math.min(400, body.split('\n').length + Math.floor(body.length / 70))
  return 24 + lines * 22 + (row.startsRun ? 12 : 2) + (row.startsDay ? 48 : 0)
}

interface WindowParts {
  readonly open: OpenConversation
  readonly rows: readonly Row[]
  readonly virtualizer: MessageVirtualizer
}

/** Opens at the first unread message, else at the newest. More unread than are loaded: goes to where they begin. */
function useOpening({ open, rows, virtualizer }: WindowParts): void {
  const { at } = useOpeningTarget()
  const placed = useRef(false)
  useLayoutEffect(() => {
    if (placed.current || rows.length === 0) return
    placed.current = true
    if (at) return
    const firstUnread = rows.findIndex(row => row.firstUnread)
    const { handle, snapshot } = open
    const read = snapshot.view?.conversation.me.read ?? 0
    if (firstUnread === 0 && snapshot.hasOlder && read > 0) {
      void handle.jumpTo(read).then(() => {
        placed.current = false
      })
    } else if (firstUnread > 0) virtualizer.scrollToIndex(Math.max(0, firstUnread - 1), { align: 'start' })
    else virtualizer.scrollToEnd()
  }, [at, open, rows, virtualizer])
}

function useOpeningTarget() {
  const { pointedAt } = useDesk()
  const [at] = useState(() => pointedAt !== null || new URLSearchParams(window.location.search).has('at'))
  return { at }
}

interface PagingInput {
  readonly open: OpenConversation
  readonly virtualizer: MessageVirtualizer
  readonly count: number
}

function usePaging({ open, virtualizer, count }: PagingInput): void {
  const { handle, snapshot } = open
  const items = virtualizer.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const failed = snapshot.problem !== null
  useEffect(() => {
    if (count === 0 || failed) return
    if (snapshot.hasOlder && !snapshot.loading.older && first < rowsAhead) void handle.loadOlder()
    if (snapshot.hasNewer && !snapshot.loading.newer && last > count - rowsAhead) void handle.loadNewer()
  }, [count, failed, first, handle, last, snapshot])
}

interface ReadMarkInput extends WindowParts {
  readonly scroller: RefObject<HTMLDivElement | null>
}

/** Tells the SDK the newest message that was on screen while somebody could be reading. */
function useReadMark({ open, rows, virtualizer, scroller }: ReadMarkInput): void {
  const attentive = useAttention()
  const told = useRef(0)
  useEffect(() => {
    const element = scroller.current
    if (!attentive || !element) return
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
function usePointing(rows: readonly Row[], virtualizer: MessageVirtualizer): void {
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
    virtualizer.scrollToIndex(index, { align: 'center' })
  }, [pointedAt, rows, virtualizer])
}
