import { useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef } from 'react'
import { isKey } from '../../keys/match-key.ts'
import { ChatRow } from './chat-row.tsx'

const rowHeight = 68

/** The rows on screen, whatever the number of chats. The arrow keys go from row to row. */
export function ChatRows({ views }: { readonly views: readonly ConversationView[] }) {
  const { t } = useLingui()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: views.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => views[index]?.id ?? index,
    overscan: 6,
  })
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ul
        aria-label={t`Chats`}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={moveFocus}
      >
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const view = views[index]
          return view ? (
            <li
              key={key}
              className="absolute inset-x-0 top-0"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
            >
              <ChatRow view={view} />
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}

function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = isKey(event.nativeEvent, 'rowBelow') ? 1 : isKey(event.nativeEvent, 'rowAbove') ? -1 : 0
  if (step === 0) return
  const item = (event.target as Element).closest('li')
  const rows = [...event.currentTarget.children].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  )
  const next = item && rows[rows.indexOf(item) + step]
  const link = next?.querySelector('a')
  if (!link) return
  event.preventDefault()
  link.focus()
}
