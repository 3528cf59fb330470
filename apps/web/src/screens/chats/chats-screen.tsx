/** The list of chats beside the open conversation; on a phone one of the two. */
import { useLingui } from '@lingui/react/macro'
import { Outlet, useMatchRoute } from '@tanstack/react-router'
import { classNames } from '../../components/class-names.ts'
import { Splitter } from '../../components/splitter.tsx'
import { useApp } from '../../state/app-context.ts'
import { listWidths } from '../../state/preferences.ts'
import { useMedia } from '../../state/use-media.ts'
import { usePreferences } from '../../state/use-snapshot.ts'
import { ChatList } from './chat-list.tsx'

export function ChatsScreen() {
  const { t } = useLingui()
  const { preferences } = useApp()
  const { listWidth } = usePreferences()
  const wide = useMedia('(min-width: 800px)')
  const open = useMatchRoute()({ to: '/app/chats/$conversationId' }) !== false
  return (
    <>
      <section
        aria-label={t`Chats`}
        style={wide ? { width: listWidth } : undefined}
        className={classNames('min-h-0 shrink-0 flex-col max-md:w-full', open ? 'hidden md:flex' : 'flex')}
      >
        <ChatList />
      </section>
      <Splitter
        label={t`Width of the list`}
        width={listWidth}
        {...listWidths}
        pane="before"
        onChange={width => preferences.set({ ...preferences.get(), listWidth: width })}
      />
      <div className={classNames('relative min-h-0 min-w-0 flex-1', open ? 'flex' : 'hidden md:flex')}>
        <Outlet />
      </div>
    </>
  )
}
