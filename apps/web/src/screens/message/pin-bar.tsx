/** The pinned messages under the header of a conversation: one at a time; a tap goes there and shows the next. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { PinView } from '@recado/client'
import { useNavigate } from '@tanstack/react-router'
import { List, Pin } from 'lucide-react'
import { useState } from 'react'
import { classNames } from '../../components/class-names.ts'
import { IconButton } from '../../components/icon-button.tsx'
import { usePlainText } from '../conversation/body/use-plain-text.ts'
import { useDesk } from '../conversation/desk.ts'
import { saidIn } from '../conversation/files/said.ts'

/** So many marks say where one is; above, the words do. */
const marksAtMost = 5

export function PinBar({ pins }: { readonly pins: readonly PinView[] }) {
  const { t } = useLingui()
  const { handle, jumpTo } = useDesk()
  const navigate = useNavigate()
  const [step, setStep] = useState(0)
  const index = step % pins.length
  const current = pins[index]
  const words = usePlainText((current && saidIn(current.message)) ?? '')
  if (!current) return null
  const go = () => {
    jumpTo(current.message.sequence)
    setStep(index + 1)
  }
  const place = index + 1
  const count = pins.length
  const showAll = () =>
    void navigate({
      to: '/app/chats/$conversationId',
      params: { conversationId: String(handle.id) },
      search: { details: true },
    })
  return (
    <section
      aria-label={t`Pinned messages`}
      className="flex h-13 shrink-0 items-center gap-1 border-line border-b bg-surface ps-2 pe-2 md:ps-4"
    >
      <Marks count={count} index={index} />
      <button
        type="button"
        title={t`Go to this message`}
        onClick={go}
        className="flex h-full min-w-0 flex-1 items-center gap-2.5 rounded px-2 text-start hover:bg-hover"
      >
        <Pin size={17} strokeWidth={1.75} className="shrink-0 text-wax-ink" aria-hidden="true" />
        <span className="min-w-0 flex-1">
          <span className="tabular block font-semibold text-fine text-wax-ink">
            {count === 1 ? <Trans>Pinned message</Trans> : t`Pinned message ${place} of ${count}`}
          </span>
          <bdi dir="auto" className="block truncate text-meta">
            {words.slice(0, 240)}
          </bdi>
        </span>
      </button>
      <IconButton icon={List} label={t`All pinned messages`} onClick={showAll} />
    </section>
  )
}

function Marks({ count, index }: { readonly count: number; readonly index: number }) {
  if (count < 2 || count > marksAtMost) return null
  return (
    <span aria-hidden="true" className="flex h-8 w-0.5 flex-col gap-0.5">
      {Array.from({ length: count }, (_, mark) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark is its place.
          key={mark}
          className={classNames('w-full flex-1 rounded-full', mark === index ? 'bg-wax' : 'bg-wax/25')}
        />
      ))}
    </span>
  )
}
