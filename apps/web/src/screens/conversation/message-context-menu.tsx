import { ContextMenu } from '@base-ui/react/context-menu'
import { Menu as BaseMenu } from '@base-ui/react/menu'
import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Copy, Pencil, Reply, Trash2 } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { classNames } from '../../components/class-names.ts'
import { floatClass, MenuItem } from '../../components/menu.tsx'
import { useDesk } from './desk.ts'
import { quickEmojis, useToggleReaction } from './reactions.tsx'
import { useMessageActions } from './use-message-actions.ts'

/** One menu for all messages: opened by a long press or the right button on the message under it. */
export function MessageContextMenu({ children }: { readonly children: ReactElement }) {
  const { handle } = useDesk()
  const [target, setTarget] = useState<Message | null>(null)
  const findTarget = (element: EventTarget) => {
    const article = element instanceof Element ? element.closest('[data-sequence]') : null
    const sequence = Number(article?.getAttribute('data-sequence'))
    const item = handle.getSnapshot().items.find(one => one.type === 'message' && one.message.sequence === sequence)
    setTarget(item?.type === 'message' && item.message.body !== null ? item.message : null)
  }
  return (
    <ContextMenu.Root disabled={false}>
      <ContextMenu.Trigger
        render={children}
        onPointerDownCapture={event => findTarget(event.target)}
        onContextMenuCapture={event => {
          const selected = window.getSelection()?.isCollapsed === false
          const onLink = event.target instanceof Element && event.target.closest('a, textarea') !== null
          if (selected || onLink || target === null) event.stopPropagation()
        }}
      />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="z-50">
          <ContextMenu.Popup className={classNames(floatClass, 'min-w-56')}>
            {target ? <Entries message={target} /> : null}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

function Entries({ message }: { readonly message: Message }) {
  const { t } = useLingui()
  const actions = useMessageActions(message)
  const toggle = useToggleReaction(message)
  return (
    <>
      <BaseMenu.Group aria-label={t`React`} className="flex justify-between border-line border-b pb-1 mb-1">
        {quickEmojis.map(emoji => (
          <BaseMenu.Item
            key={emoji}
            aria-label={emoji}
            onClick={() => toggle(emoji)}
            className="inline-flex size-11 cursor-pointer items-center justify-center rounded text-title outline-none data-highlighted:bg-hover md:pointer-fine:size-9"
          >
            {emoji}
          </BaseMenu.Item>
        ))}
      </BaseMenu.Group>
      <MenuItem icon={Reply} onSelect={actions.reply}>
        {t`Reply`}
      </MenuItem>
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
    </>
  )
}
