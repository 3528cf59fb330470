import { useLingui } from '@lingui/react/macro'
import type { Message } from '@recado/protocol'
import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { IconButton } from '../../components/icon-button.tsx'
import { EmojiPanel } from '../../emoji/emoji-panel.tsx'
import { useMe } from '../../state/use-snapshot.ts'
import { quickEmojis, useToggleReaction } from './reactions.tsx'

interface QuickReactionsProps {
  readonly message: Message
  readonly onDone: () => void
}

/** The small set of reactions, and the way to all of them. */
export function QuickReactions({ message, onDone }: QuickReactionsProps) {
  const { t } = useLingui()
  const me = useMe()
  const toggle = useToggleReaction(message)
  const panel = useRef<HTMLDivElement>(null)
  const [all, setAll] = useState(false)
  const pick = (emoji: string) => {
    toggle(emoji)
    onDone()
  }
  const showAll = () => {
    // The button goes away with the focus on it, and a panel without the focus would close.
    panel.current?.focus()
    setAll(true)
  }
  return (
    <div ref={panel} tabIndex={-1} className="outline-none">
      {all ? (
        <EmojiPanel onPick={pick} />
      ) : (
        <div className="flex justify-between">
          {quickEmojis.map(emoji => (
            <button
              key={emoji}
              type="button"
              aria-label={emoji}
              aria-pressed={message.reactions.some(one => one.emoji === emoji && one.accountIds.includes(me.id))}
              onClick={() => pick(emoji)}
              className="inline-flex size-11 items-center justify-center rounded text-title hover:bg-hover aria-pressed:bg-wax-tint md:pointer-fine:size-9"
            >
              {emoji}
            </button>
          ))}
          <IconButton icon={Plus} label={t`More reactions`} onClick={showAll} />
        </div>
      )}
    </div>
  )
}
