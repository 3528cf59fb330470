/** What can be done from anywhere. */
import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { Keyboard, LogOut, MessagesSquare, Search, Settings, SquarePen, Users, UsersRound } from 'lucide-react'
import { type FrameOverlay, useShowOverlay } from '../state/frame-overlay.ts'
import type { Command } from './command.ts'
import { useLookCommands } from './use-look-commands.ts'
import { useSettingsCommands } from './use-settings-commands.ts'

export function useAppCommands(): readonly Command[] {
  const { t } = useLingui()
  const navigate = useNavigate()
  const show = useShowOverlay()
  const look = useLookCommands()
  const settings = useSettingsCommands()
  const over = (overlay: FrameOverlay) => () => show(overlay)
  return [
    { id: 'new-chat', icon: SquarePen, label: t`New chat`, key: 'newChat', run: over({ kind: 'new-chat' }) },
    { id: 'new-group', icon: Users, label: t`New group`, run: over({ kind: 'new-group' }) },
    { id: 'chats', icon: MessagesSquare, label: t`Chats`, run: () => void navigate({ to: '/app/chats' }) },
    {
      id: 'search',
      icon: Search,
      label: t`Search messages and mails`,
      run: () => void navigate({ to: '/app/search' }),
    },
    { id: 'people', icon: UsersRound, label: t`People`, run: () => void navigate({ to: '/app/people' }) },
    {
      id: 'settings',
      icon: Settings,
      label: t`Settings`,
      key: 'settings',
      run: () => void navigate({ to: '/app/settings' }),
    },
    { id: 'keys', icon: Keyboard, label: t`Show all keys`, key: 'help', run: over({ kind: 'keys' }) },
    ...look,
    ...settings,
    { id: 'sign-out', icon: LogOut, label: t`Sign out`, run: over({ kind: 'sign-out' }) },
  ]
}
