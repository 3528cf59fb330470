import { Menu } from '@base-ui/react/menu'
import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Plus, Reply } from 'lucide-react'
import { anchorAt, MenuEntries, MenuPopup } from '../../components/menu-popup.tsx'
import type { OpenedBy } from '../../components/opened-by.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { quickEmojis, useToggleReaction } from './reactions.tsx'
import { useMessageActions } from './use-message-actions.ts'

interface MessageContextMenuProps {
  readonly message: Message
  readonly point: { readonly x: number; readonly y: number }
  readonly openedBy: OpenedBy
  readonly open: boolean
  readonly onClose: () => void
}

const reactionClass =
  'inline-flex size-11 cursor-pointer items-center justify-center rounded text-title outline-none data-highlighted:bg-hover md:pointer-fine:size-9'

/** What can be done with a message, where it was pressed. */
export function MessageContextMenu({ message, point, openedBy, open, onClose }: MessageContextMenuProps) {
  const { t } = useLingui()
  const { reply, entries } = useMessageActions(message)
  const toggle = useToggleReaction(message)
  const show = useShowOverlay()
  return (
    <Menu.Root open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <MenuPopup anchor={anchorAt(point)} align="start" openedBy={openedBy} className="min-w-56">
        <Menu.Group
          aria-label={t`React`}
          className="mb-1 flex max-w-[calc(100vw-1.625rem)] flex-wrap justify-between border-line border-b pb-1"
        >
          {quickEmojis.map(emoji => (
            <Menu.Item key={emoji} aria-label={emoji} onClick={() => toggle(emoji)} className={reactionClass}>
              {emoji}
            </Menu.Item>
          ))}
          <Menu.Item
            aria-label={t`More reactions`}
            onClick={() => show({ kind: 'react', message })}
            className={reactionClass}
          >
            <Plus size={20} strokeWidth={1.75} className="text-ink-muted" aria-hidden="true" />
          </Menu.Item>
        </Menu.Group>
        <MenuEntries entries={[{ icon: Reply, label: t`Reply`, onSelect: reply }, ...entries]} />
      </MenuPopup>
    </Menu.Root>
  )
}
