import { useLingui } from '@lingui/react/macro'
import { Smile } from 'lucide-react'
import type { RefObject } from 'react'
import { FloatingPanel } from '../../../components/floating-panel.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { EmojiPanel } from '../../../emoji/emoji-panel.tsx'
import { useMedia } from '../../../state/use-media.ts'
import { applyEdit, applyQuietly, replaceText } from './text-edit.ts'

/** Puts an emoji where the caret is. By touch several in a row, without the keyboard coming up between them. */
export function EmojiButton({ field }: { readonly field: RefObject<HTMLTextAreaElement | null> }) {
  const { t } = useLingui()
  const touch = useMedia('(pointer: coarse)')
  const insert = (emoji: string, put: typeof applyEdit) => {
    const element = field.current
    if (element) put(element, replaceText(element.selectionStart, element.selectionEnd, emoji))
  }
  return (
    <FloatingPanel
      title={t`Emoji`}
      heading="spoken"
      side="top"
      align="start"
      {...(touch ? {} : { finalFocus: field })}
      trigger={trigger => <IconButton icon={Smile} label={t`Emoji`} {...trigger} />}
    >
      {close => (
        <EmojiPanel
          onPick={emoji => {
            if (touch) return insert(emoji, applyQuietly)
            close()
            insert(emoji, applyEdit)
          }}
        />
      )}
    </FloatingPanel>
  )
}
