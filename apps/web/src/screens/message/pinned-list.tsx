import { Trans, useLingui } from '@lingui/react/macro'
import type { PinView } from '@recado/client'
import type { Conversation } from '@recado/protocol'
import { PinOff } from 'lucide-react'
import { IconButton } from '../../components/icon-button.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useDesk } from '../conversation/desk.ts'
import { QuoteLine } from '../conversation/quote.tsx'
import { mayPin } from './may-pin.ts'

interface PinnedListProps {
  readonly conversation: Conversation
  readonly pins: readonly PinView[] | null
  /** Called after one was gone to. */
  readonly onGo: () => void
}

/** All pinned messages, in the details. */
export function PinnedList({ conversation, pins, onGo }: PinnedListProps) {
  if (!pins || pins.length === 0) return null
  return (
    <section className="mt-5 border-line border-t pt-3">
      <h3 className="pb-1 font-semibold">
        <Trans>Pinned messages</Trans> <span className="tabular font-normal text-ink-muted">{pins.length}</span>
      </h3>
      <ul className="-mx-2">
        {pins.map(view => (
          <PinnedItem key={view.message.sequence} view={view} conversation={conversation} onGo={onGo} />
        ))}
      </ul>
    </section>
  )
}

interface PinnedItemProps {
  readonly view: PinView
  readonly conversation: Conversation
  readonly onGo: () => void
}

function PinnedItem({ view: { message }, conversation, onGo }: PinnedItemProps) {
  const { t } = useLingui()
  const { jumpTo } = useDesk()
  const client = useClient()
  const attempt = useAttempt()
  const times = useTimes()
  const unpin = () => void attempt(() => client.unpinMessage(conversation.id, message.sequence))
  const go = () => {
    jumpTo(message.sequence)
    onGo()
  }
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        title={t`Go to this message`}
        onClick={go}
        className="flex min-h-13 min-w-0 flex-1 items-center gap-2 rounded px-2 py-1.5 text-start hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <QuoteLine message={message} />
        </span>
        <time dateTime={message.createdAt} className="tabular shrink-0 self-start pt-0.5 text-fine text-ink-muted">
          {times.brief(message.createdAt)}
        </time>
      </button>
      {mayPin(conversation) ? <IconButton icon={PinOff} label={t`Unpin`} onClick={unpin} /> : null}
    </li>
  )
}
