import { Popover } from '@base-ui/react/popover'
import type { Message } from '@recado/protocol'
import { useMe } from '../../state/use-snapshot.ts'
import { quickEmojis, useToggleReaction } from './reactions.tsx'

/** The small set of reactions, inside a panel that closes on a choice. */
export function QuickReactions({ message }: { readonly message: Message }) {
  const me = useMe()
  const toggle = useToggleReaction(message)
  return (
    <div className="flex">
      {quickEmojis.map(emoji => (
        <Popover.Close
          key={emoji}
          aria-label={emoji}
          aria-pressed={message.reactions.some(one => one.emoji === emoji && one.accountIds.includes(me.id))}
          onClick={() => toggle(emoji)}
          className="inline-flex size-11 items-center justify-center rounded text-title hover:bg-hover aria-pressed:bg-wax-tint md:pointer-fine:size-9"
        >
          {emoji}
        </Popover.Close>
      ))}
    </div>
  )
}
