/** What can be done with the conversation that is open. */
import { useLingui } from '@lingui/react/macro'
import type { ConversationView, SettingsChange } from '@recado/client'
import { useNavigate } from '@tanstack/react-router'
import { Archive, ArchiveRestore, Bell, BellOff, CalendarDays, LogOut, PanelRight, UserRound } from 'lucide-react'
import { useApp } from '../state/app-context.ts'
import { conversationKey } from '../state/deferrals.ts'
import { useShowOverlay } from '../state/frame-overlay.ts'
import { isolate } from '../state/isolate.ts'
import { useConversationName } from '../state/names.ts'
import { useAttempt, useUndoable } from '../state/use-attempt.ts'
import type { Command } from './command.ts'

/** `view` is null while none is open. */
export function useConversationCommands(view: ConversationView | null): readonly Command[] {
  const { t } = useLingui()
  const { client } = useApp()
  const navigate = useNavigate()
  const attempt = useAttempt()
  const undoable = useUndoable()
  const show = useShowOverlay()
  const name = isolate(useConversationName(view?.conversation ?? null))
  if (!view || view.membership === 'left') return []
  const { id, conversation } = view
  const { peer } = conversation
  const details = () =>
    void navigate({
      to: '/app/chats/$conversationId',
      params: { conversationId: String(id) },
      search: { details: true },
    })
  const leave = () => {
    undoable({ key: conversationKey(id), done: t`You left ${name}.`, run: () => client.leave(id) })
    void navigate({ to: '/app/chats' })
  }
  const set = (change: SettingsChange) => () => void attempt(() => client.updateSettings(id, change))
  return [
    view.muted === null
      ? { id: 'mute', icon: BellOff, label: t`Mute ${name}`, run: set({ muted: 'forever' }) }
      : { id: 'mute', icon: Bell, label: t`Unmute ${name}`, run: set({ muted: null }) },
    view.archived
      ? {
          id: 'archive',
          icon: ArchiveRestore,
          label: t`Take ${name} out of the archive`,
          run: set({ archived: false }),
        }
      : { id: 'archive', icon: Archive, label: t`Archive ${name}`, run: set({ archived: true }) },
    {
      id: 'calendar',
      icon: CalendarDays,
      label: t`Go to a date in ${name}`,
      run: () => show({ kind: 'calendar', conversationId: id }),
    },
    { id: 'details', icon: PanelRight, label: t`Details of ${name}`, key: 'details', run: details },
    ...(peer
      ? [
          {
            id: 'profile',
            icon: UserRound,
            label: t`Profile of ${name}`,
            run: () => show({ kind: 'person', accountId: peer.id }),
          },
        ]
      : [{ id: 'leave', icon: LogOut, label: t`Leave ${name}`, run: leave }]),
  ]
}
