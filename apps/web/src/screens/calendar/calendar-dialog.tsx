import { useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { useSnapshot } from '../../state/use-snapshot.ts'
import { Calendar } from './calendar.tsx'
import { dayOf } from './days.ts'

export interface CalendarPlace {
  readonly conversationId: number
  /** The time that is being read, if one is. */
  readonly at?: string
}

interface CalendarDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly place: CalendarPlace | null
}

/** Goes to the first message of a day. */
export function CalendarDialog({ open, onClose, place }: CalendarDialogProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`Go to a date`}>
      {open && place ? <Choice place={place} onClose={onClose} /> : null}
    </Modal>
  )
}

function Choice({ place, onClose }: { readonly place: CalendarPlace; readonly onClose: () => void }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const view = useSnapshot(({ conversations }) => conversations.find(({ id }) => id === place.conversationId))
  const today = dayOf(new Date())
  const from = view ? dayOf(new Date(view.conversation.createdAt)) : '1970-01-01'
  const go = (on: string) => {
    void navigate({
      to: '/app/chats/$conversationId',
      params: { conversationId: String(place.conversationId) },
      search: { on },
    })
    onClose()
  }
  return (
    <>
      <Calendar day={dayOf(place.at ? new Date(place.at) : new Date())} from={from} to={today} onChoose={go} />
      <div className="flex justify-end px-4 pb-4">
        <Button tone="plain" onClick={() => go(from)}>{t`To the beginning`}</Button>
      </div>
    </>
  )
}
