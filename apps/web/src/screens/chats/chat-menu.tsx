import { Menu } from '@base-ui/react/menu'
import { useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import {
  Archive,
  ArchiveRestore,
  ArrowDown,
  ArrowUp,
  Bell,
  BellOff,
  CalendarDays,
  type LucideIcon,
  MailOpen,
  MessageCircleDashed,
  Pin,
  PinOff,
} from 'lucide-react'
import type { MenuEntry } from '../../components/menu.tsx'
import { anchorAt, MenuEntries, MenuPopup } from '../../components/menu-popup.tsx'
import { MenuSurface } from '../../components/menu-surface.tsx'
import type { OpenedBy } from '../../components/opened-by.ts'
import type { Float } from '../../components/use-float.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { arrangeChats, everyChat, isUnread, stepBefore } from './arrange-chats.ts'
import { type ChatActions, useChatActions } from './use-chat-actions.ts'

interface ChatMenuProps {
  readonly view: ConversationView
  readonly pinned: readonly ConversationView[]
  readonly actions: ChatActions
  readonly point: { readonly x: number; readonly y: number }
  readonly openedBy: OpenedBy
  readonly open: boolean
  readonly onClose: () => void
}

/** What can be done with a chat of the list, where it was pressed. */
export function ChatMenu({ view, pinned, actions, point, openedBy, open, onClose }: ChatMenuProps) {
  const entries = useChatEntries(view, pinned, actions)
  return (
    <Menu.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <MenuPopup anchor={anchorAt(point)} align="start" openedBy={openedBy} className="min-w-56">
        <MenuEntries entries={entries} />
      </MenuPopup>
    </Menu.Root>
  )
}

interface ConversationMenuProps {
  readonly float: Float
  readonly view: ConversationView
}

/** The same for the chat that is open, but for its place in the list. */
export function ConversationMenu({ float, view }: ConversationMenuProps) {
  const { t } = useLingui()
  const show = useShowOverlay()
  const { pinned } = arrangeChats(
    useSnapshot(({ conversations }) => conversations),
    everyChat,
  )
  const entries = useChatEntries(view, [], useChatActions(pinned))
  const goToDate = {
    icon: CalendarDays,
    label: t`Go to a date`,
    onSelect: () => show({ kind: 'calendar', conversationId: view.id }),
  }
  return <MenuSurface float={float} entries={[goToDate, ...entries]} />
}

function useChatEntries(view: ConversationView, pinned: readonly ConversationView[], actions: ChatActions) {
  const { t } = useLingui()
  const entry = (icon: LucideIcon, label: string, onSelect: () => void): MenuEntry => ({ icon, label, onSelect })
  const steps = ([-1, 1] as const)
    .filter(step => view.pinned !== null && stepBefore(pinned, view.id, step) !== undefined)
    .map(step =>
      entry(step === -1 ? ArrowUp : ArrowDown, step === -1 ? t`Move up` : t`Move down`, () => actions.move(view, step)),
    )
  return [
    isUnread(view)
      ? entry(MailOpen, t`Mark as read`, () => actions.toggleUnread(view))
      : entry(MessageCircleDashed, t`Mark as unread`, () => actions.toggleUnread(view)),
    ...(view.archived
      ? []
      : [
          entry(view.pinned === null ? Pin : PinOff, view.pinned === null ? t`Pin` : t`Unpin`, () => actions.pin(view)),
        ]),
    ...steps,
    ...(view.muted === null
      ? [
          entry(BellOff, t`Mute for an hour`, () => actions.mute(view, 'hour')),
          entry(BellOff, t`Mute until tomorrow`, () => actions.mute(view, 'tomorrow')),
          entry(BellOff, t`Mute for good`, () => actions.mute(view, 'forever')),
        ]
      : [entry(Bell, t`Unmute`, () => actions.unmute(view))]),
    entry(view.archived ? ArchiveRestore : Archive, view.archived ? t`Take out of the archive` : t`Archive`, () =>
      actions.archive(view),
    ),
  ]
}
