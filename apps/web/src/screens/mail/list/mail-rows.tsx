import { useLingui } from '@lingui/react/macro'
import type { MailId } from '@recado/protocol'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { isKey } from '../../../keys/match-key.ts'
import { useMedia } from '../../../state/use-media.ts'
import { usePreferences } from '../../../state/use-snapshot.ts'
import type { MailGroup } from '../group-mails.ts'
import type { MailPlace } from '../mail-places.ts'
import type { MailActions } from '../use-mail-actions.ts'
import { MailRow } from './mail-row.tsx'
import type { Selection } from './use-selection.ts'

const rowHeights = { comfortable: 78, compact: 56 } as const
/** So many rows before the end the next page is asked for. */
const ahead = 12

interface MailRowsProps {
  readonly groups: readonly MailGroup[]
  readonly place: MailPlace
  readonly open: MailId | null
  readonly selection: Selection
  readonly actions: MailActions
  readonly hasOlder: boolean
  readonly onOlder: () => void
}

/** The rows on screen, whatever the number of mails. */
export function MailRows({ groups, place, open, selection, actions, hasOlder, onOlder }: MailRowsProps) {
  const { t } = useLingui()
  const { density: wanted } = usePreferences()
  const density = useMedia('(pointer: fine)') ? wanted : 'comfortable'
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: groups.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeights[density],
    getItemKey: index => groups[index]?.threadId ?? index,
    overscan: 6,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow the density.
  useEffect(() => virtualizer.measure(), [density, virtualizer])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const nearEnd = hasOlder && last >= groups.length - ahead
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each page that came.
  useEffect(() => {
    if (nearEnd) onOlder()
  }, [nearEnd, groups.length])
  const openAt = groups.findIndex(({ threadId }) => threadId === open)
  useEffect(() => {
    if (openAt >= 0) virtualizer.scrollToIndex(openAt, { align: 'auto' })
  }, [openAt, virtualizer])
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ul
        aria-label={t`Mails`}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={event => moveFocus(event)}
      >
        {items.map(({ index, key, start, size }) => {
          const group = groups[index]
          return group ? (
            <li
              key={key}
              data-row=""
              data-mail={group.threadId}
              className="absolute inset-x-0 top-0"
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              <MailRow
                group={group}
                place={place}
                open={group.threadId === open}
                selected={selection.chosen.has(group.threadId)}
                selecting={selection.chosen.size > 0}
                density={density}
                onSelect={reach => selection.toggle(group.threadId, reach)}
                onStar={() => actions.star(starsOf(group), !group.starred)}
              />
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}

/** A star is given to the newest, and taken from whichever has one. */
function starsOf({ starred, mails, newest }: MailGroup) {
  return starred ? mails.filter(({ entry }) => entry.starred) : [newest]
}

/** From row to row. */
export function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = isKey(event.nativeEvent, 'rowBelow') ? 1 : isKey(event.nativeEvent, 'rowAbove') ? -1 : 0
  const row = event.target instanceof Element ? event.target.closest('[data-row]') : null
  if (step === 0 || !row) return
  const rows = [...event.currentTarget.querySelectorAll('[data-row]')].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const next = rows[rows.indexOf(row) + step]?.querySelector('a')
  if (!next) return
  event.preventDefault()
  next.focus()
}
