import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Ellipsis, Reply, SmilePlus } from 'lucide-react'
import { classNames } from '../../components/class-names.ts'
import { FloatingPanel } from '../../components/floating-panel.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Menu } from '../../components/menu.tsx'
import { QuickReactions } from './quick-reactions.tsx'
import { useMessageActions } from './use-message-actions.ts'

interface MessageToolbarProps {
  readonly message: Message
  readonly own: boolean
}

/** Beside a message while the mouse or the focus is on it. By touch the same is in the menu of a long press. */
export function MessageToolbar({ message, own }: MessageToolbarProps) {
  const { t } = useLingui()
  const { reply, entries } = useMessageActions(message)
  const size = 'md:pointer-fine:size-8'
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
        trigger={trigger => <IconButton icon={SmilePlus} label={t`React`} className={size} {...trigger} />}
      >
        {close => <QuickReactions message={message} onDone={close} />}
      </FloatingPanel>
      <IconButton icon={Reply} label={t`Reply`} onClick={reply} className={size} />
      <Menu
        entries={entries}
        trigger={trigger => <IconButton icon={Ellipsis} label={t`More`} className={size} {...trigger} />}
      />
    </div>
  )
}
