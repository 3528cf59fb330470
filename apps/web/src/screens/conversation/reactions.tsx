import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { Message, Reaction } from '@recado/protocol'
import { useClient } from '../../state/app-context.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useMe, usePeople } from '../../state/use-snapshot.ts'

/** The small set; the picker has all of them. */
export const quickEmojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const

/** Leaves a reaction, or takes one's own back. */
export function useToggleReaction(message: Message): (emoji: string) => void {
  const client = useClient()
  const me = useMe()
  const attempt = useAttempt()
  return emoji => {
    const mine = message.reactions.some(reaction => reaction.emoji === emoji && reaction.accountIds.includes(me.id))
    void attempt(() =>
      mine
        ? client.unreact(message.conversationId, message.sequence, emoji)
        : client.react(message.conversationId, message.sequence, emoji),
    )
  }
}

export function Reactions({ message }: { readonly message: Message }) {
  const { t } = useLingui()
  const toggle = useToggleReaction(message)
  if (message.reactions.length === 0 || message.body === null) return null
  return (
    <ul aria-label={t`Reactions`} className="flex flex-wrap gap-1 px-1 pt-1">
      {message.reactions.slice(0, shownAtMost).map(reaction => (
        <li key={reaction.emoji}>
          <ReactionChip reaction={reaction} onToggle={() => toggle(reaction.emoji)} />
        </li>
      ))}
      {message.reactions.length > shownAtMost ? (
        <li>
          <OtherReactions message={message} count={message.reactions.length - shownAtMost} />
        </li>
      ) : null}
    </ul>
  )
}

/** A large group can leave thousands of different ones. */
const shownAtMost = 20

const chipClass =
  'tabular relative inline-flex min-h-7 min-w-11 items-center justify-center gap-1 rounded-full border border-line bg-surface px-2 ' +
  'text-fine before:absolute before:-inset-y-2 before:inset-x-0 hover:bg-hover'

/** How many kinds there are besides those shown, and the way to all of them. */
function OtherReactions({ message, count }: { readonly message: Message; readonly count: number }) {
  const { t } = useLingui()
  const show = useShowOverlay()
  return (
    <button type="button" onClick={() => show({ kind: 'reactions', message })} className={chipClass}>
      <span aria-hidden="true">+{count}</span>
      <span className="sr-only">
        {t({ message: plural(count, { one: '# more reaction', other: '# more reactions' }) })}
      </span>
    </button>
  )
}

/** So many names fit a tooltip. */
const namedAtMost = 20

function ReactionChip({ reaction, onToggle }: { readonly reaction: Reaction; readonly onToggle: () => void }) {
  const { t, i18n } = useLingui()
  const me = useMe()
  const people = usePeople()
  const count = reaction.accountIds.length
  const mine = reaction.accountIds.includes(me.id)
  const named = reaction.accountIds
    .slice(0, namedAtMost)
    .map(id => (id === me.id ? t`You` : (people.get(id)?.displayName ?? t`Somebody`)))
  const names = new Intl.ListFormat(i18n.locale).format(named)
  const { emoji } = reaction
  return (
    <button
      type="button"
      aria-pressed={mine}
      title={names}
      aria-label={t({
        message: plural(count, { one: `${emoji} by # person: ${names}`, other: `${emoji} by # people: ${names}` }),
      })}
      onClick={onToggle}
      className={`${chipClass} aria-pressed:border-wax/50 aria-pressed:bg-wax-tint`}
    >
      <span className="text-base leading-none" aria-hidden="true">
        {emoji}
      </span>
      {count}
    </button>
  )
}
