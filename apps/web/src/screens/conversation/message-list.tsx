/**
 * The messages of a conversation, virtualised: only what is on screen is in the document. It stays where the reader is:
 * older messages arriving above and heights that change move nothing, and new messages are followed only from the end.
 */
import { useLingui } from '@lingui/react/macro'
import { memo, useRef } from 'react'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { Announcer } from './announcer.tsx'
import { StickyDay } from './day-separator.tsx'
import { BeginningOfHistory, OlderLoading } from './edges.tsx'
import { JumpToNewest } from './jump-to-newest.tsx'
import { MessageRow } from './message-row.tsx'
import { moveBetweenMessages } from './move-between-messages.ts'
import { NoMessages } from './no-messages.tsx'
import { useContextMenu } from './use-context-menu.tsx'
import { useCopySource } from './use-copy-source.ts'
import { useMessageWindow } from './use-message-window.ts'

/** Of the words at the beginning of a history and the first day, px. */
const beginningHeight = 96

interface MessageListProps {
  readonly open: OpenConversation
  /** Counts own messages sent: each shows the newest. */
  readonly sent: number
}

export const MessageList = memo(function MessageList({ open, sent }: MessageListProps) {
  const { t } = useLingui()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, virtualizer, measure, keepFocused, readAt, atEnd, goToNewest } = useMessageWindow({
    open,
    sent,
    scroller,
  })
  const { handlers, menu } = useContextMenu(open.handle)
  const onCopy = useCopySource(open.handle)
  const { snapshot } = open
  // There its own day stands under the words that say so.
  const atBeginning = !snapshot.hasOlder && (virtualizer.scrollOffset ?? 0) < beginningHeight
  if (rows.length === 0 && !snapshot.hasOlder) return <NoMessages />
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden [overflow-anchor:none]"
        data-testid="messages"
        data-dense=""
        onCopy={onCopy}
        {...handlers}
      >
        <div className="mx-auto flex min-h-full max-w-[60rem] flex-col justify-end px-2 md:px-4">
          {snapshot.hasOlder ? <OlderLoading /> : <BeginningOfHistory />}
          <div
            role="feed"
            aria-label={t`Messages`}
            aria-busy={snapshot.loading.older || snapshot.loading.newer}
            className="relative w-full shrink-0"
            style={{ height: virtualizer.getTotalSize() }}
            onKeyDown={moveBetweenMessages}
            {...keepFocused}
          >
            {virtualizer.getVirtualItems().map(({ index, key, start }) => {
              const row = rows[index]
              return row ? (
                <div
                  key={key}
                  ref={measure}
                  data-index={index}
                  role="presentation"
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start - virtualizer.options.scrollMargin}px)` }}
                >
                  <MessageRow row={row} />
                </div>
              ) : null
            })}
          </div>
        </div>
      </div>
      {menu}
      {readAt ? <StickyDay at={readAt} shown={virtualizer.isScrolling && !atEnd && !atBeginning} /> : null}
      <JumpToNewest shown={!atEnd || snapshot.hasNewer} unread={snapshot.view?.unread ?? 0} onJump={goToNewest} />
      <Announcer items={snapshot.items} />
    </div>
  )
})
