import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Modal } from '../../components/modal.tsx'
import { EmojiPage } from '../../emoji/emoji-panel.tsx'
import { useToggleReaction } from '../conversation/reactions.tsx'

interface ReactDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Null until one was asked for. */
  readonly message: Message | null
}

/** A reaction out of all emoji, for a message whose menu was opened. */
export function ReactDialog({ open, onClose, message }: ReactDialogProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`React`}>
      {message ? <Choice message={message} onDone={onClose} /> : null}
    </Modal>
  )
}

function Choice({ message, onDone }: { readonly message: Message; readonly onDone: () => void }) {
  const toggle = useToggleReaction(message)
  return (
    <EmojiPage
      onPick={emoji => {
        toggle(emoji)
        onDone()
      }}
    />
  )
}
