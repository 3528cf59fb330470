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
  type LucideIcon,
  MailOpen,
  MessageCircleDashed,
  Pin,
  PinOff,
} from 'lucide-react'
import { classNames } from '../../components/class-names.ts'
import { floatClass } from '../../components/float-class.ts'
import type { MenuEntry } from '../../components/menu.tsx'
import { MenuEntries } from '../../components/menu-surface.tsx'
import { isUnread, stepBefore } from './arrange-chats.ts'
import type { ChatActions } from './use-chat-actions.ts'

interface ChatMenuProps {
  readonly view: ConversationView
  readonly pinned: readonly ConversationView[]
  readonly actions: ChatActions
  readonly point: { readonly x: number; readonly y: number }
  readonly open: boolean
  readonly onClose: () => void
}

/** What can be done with a chat of the list, where it was pressed. */
export function ChatMenu({ view, pinned, actions, point, open, onClose }: ChatMenuProps) {
  const anchor = { getBoundingClientRect: () => new DOMRect(point.x, point.y, 0, 0) }
  const entries = useChatEntries(view, pinned, actions)
  return (
    <Menu.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} align="start" collisionPadding={8} className="z-50">
          <Menu.Popup className={classNames(floatClass, 'min-w-56')}>
            <MenuEntries entries={entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
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
