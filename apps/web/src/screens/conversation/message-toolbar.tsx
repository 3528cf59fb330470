import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Copy, Ellipsis, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react'
import { classNames } from '../../components/class-names.ts'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu, MenuItem } from '../../components/menu.tsx'
import { QuickReactions } from './quick-reactions.tsx'
import { useMessageActions } from './use-message-actions.ts'

interface MessageToolbarProps {
  readonly message: Message
  readonly own: boolean
}

/** Beside a message while the mouse or the focus is on it. By touch the same is in the menu of a long press. */
export function MessageToolbar({ message, own }: MessageToolbarProps) {
  const { t } = useLingui()
  const actions = useMessageActions(message)
  return (
    <div
      className={classNames(
        'absolute top-0 z-10 hidden rounded border border-line bg-surface md:pointer-fine:flex',
        own ? 'end-full me-1' : 'start-full ms-1',
      )}
    >
      <FloatingPanel
        title={t`React`}
        side="top"
        trigger={<IconButton icon={SmilePlus} label={t`React`} className="md:pointer-fine:size-8" />}
      >
        <QuickReactions message={message} />
      </FloatingPanel>
      <IconButton icon={Reply} label={t`Reply`} onClick={actions.reply} className="md:pointer-fine:size-8" />
      <Menu trigger={<IconButton icon={Ellipsis} label={t`More`} className="md:pointer-fine:size-8" />}>
        {actions.mayEdit ? (
          <MenuItem icon={Pencil} onSelect={actions.edit}>
            {t`Edit`}
          </MenuItem>
        ) : null}
        <MenuItem icon={Copy} onSelect={actions.copy}>
          {t`Copy text`}
        </MenuItem>
        {actions.mayDelete ? (
          <MenuItem icon={Trash2} tone="danger" onSelect={actions.remove}>
            {t`Delete for everybody`}
          </MenuItem>
        ) : null}
      </Menu>
    </div>
  )
}
