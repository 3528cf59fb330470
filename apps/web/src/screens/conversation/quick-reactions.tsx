import type { Message } from '@recado/protocol'
import { useMe } from '../../state/use-snapshot.ts'
import { quickEmojis, useToggleReaction } from './reactions.tsx'

interface QuickReactionsProps {
  readonly message: Message
  readonly onDone: () => void
}

/** The small set of reactions. */
export function QuickReactions({ message, onDone }: QuickReactionsProps) {
  const me = useMe()
  const toggle = useToggleReaction(message)
  return (
    <div className="flex justify-between">
      {quickEmojis.map(emoji => (
        <button
          key={emoji}
          type="button"
          aria-label={emoji}
          aria-pressed={message.reactions.some(one => one.emoji === emoji && one.accountIds.includes(me.id))}
          onClick={() => {
            toggle(emoji)
            onDone()
          }}
          className="inline-flex size-11 items-center justify-center rounded text-title hover:bg-hover aria-pressed:bg-wax-tint md:pointer-fine:size-9"
        >
          {emoji}
        </button>
      ))}
    </div>
  )
}
