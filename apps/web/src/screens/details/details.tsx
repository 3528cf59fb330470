/** What is beside a conversation: the person, or the group with its members. Lies on top where there is no room beside. */
import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { IconButton } from '../../components/icon-button.tsx'
import { Splitter } from '../../components/splitter.tsx'
import { isKey } from '../../keys/match-key.ts'
import { useApp } from '../../state/app-context.ts'
import { detailsWidths } from '../../state/preferences.ts'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { useMedia } from '../../state/use-media.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { PinnedList } from '../message/pinned-list.tsx'
import { GroupDetails } from './group-details.tsx'
import { PersonDetails } from './person-details.tsx'

export function Details({ open }: { readonly open: OpenConversation }) {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { detailsWidth } = usePreferences()
  const navigate = useNavigate()
  const beside = useMedia('(min-width: 1200px)')
  const panel = useRef<HTMLElement>(null)
  const conversation = open.snapshot.view?.conversation ?? null
  const close = () =>
    void navigate({
      to: '/app/chats/$conversationId',
      params: { conversationId: String(open.snapshot.id) },
      search: {},
      replace: true,
    })
  // Not from what lies over the app, when a window becomes narrower below it.
  useEffect(() => {
    if (!beside && !document.activeElement?.closest('[role=dialog]')) panel.current?.focus()
  }, [beside])
  if (!conversation) return null
  return (
    <>
      {beside ? (
        <Splitter
          label={t`Width of the details`}
          width={detailsWidth}
          {...detailsWidths}
          pane="after"
          onChange={width => preferences.set({ ...preferences.get(), detailsWidth: width })}
        />
      ) : null}
      <aside
        ref={panel}
        tabIndex={-1}
        aria-label={t`Details`}
        style={beside ? { width: detailsWidth } : undefined}
        onKeyDown={(event: KeyboardEvent) => {
          if (!isKey(event.nativeEvent, 'stepBack') || event.defaultPrevented) return
          event.preventDefault()
          close()
        }}
        className="absolute inset-0 z-20 flex min-h-0 flex-col bg-paper outline-none lg:static lg:shrink-0"
      >
        <header className="flex h-14 shrink-0 items-center ps-4 pe-2">
          <h2 className="flex-1 font-semibold text-lead">{t`Details`}</h2>
          <IconButton icon={X} label={t`Close the details`} onClick={close} />
        </header>
        <div data-scroller="" className="min-h-0 flex-1 overflow-y-auto px-4 pb-6">
          {conversation.kind === 'group' ? (
            <GroupDetails conversation={conversation} members={open.snapshot.members} />
          ) : (
            <PersonDetails conversation={conversation} />
          )}
          <PinnedList conversation={conversation} pins={open.snapshot.pins} onGo={beside ? () => undefined : close} />
        </div>
      </aside>
    </>
  )
}
