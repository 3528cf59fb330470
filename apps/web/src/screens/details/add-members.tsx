import { Trans, useLingui } from '@lingui/react/macro'
import type { Conversation, Member, Person } from '@recado/protocol'
import { useMemo, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Modal } from '../../components/modal.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { PeoplePicker } from '../chats/people-picker.tsx'

interface AddMembersProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly conversation: Conversation
  readonly members: readonly Member[]
}

export function AddMembers({ open, onClose, conversation, members }: AddMembersProps) {
  const { t } = useLingui()
  return (
    <Modal open={open} onClose={onClose} title={t`Add to the group`}>
      <AddMembersForm onClose={onClose} conversation={conversation} members={members} />
    </Modal>
  )
}

function AddMembersForm({ onClose, conversation, members }: Omit<AddMembersProps, 'open'>) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const [people, setPeople] = useState<readonly Person[]>([])
  const [history, setHistory] = useState<'all' | 'from-now'>('all')
  const without = useMemo(() => new Set<number>(members.map(member => member.person.id)), [members])
  const add = async () => {
    const ids = people.map(person => person.id)
    if (await attempt(() => client.addMembers(conversation.id, ids, history))) onClose()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col pt-4">
      <PeoplePicker label={t`Who`} people={people} onChange={setPeople} without={without} />
      <footer className="flex flex-wrap items-center justify-between gap-2 border-line border-t p-3">
        <label className="flex min-h-11 cursor-pointer items-center gap-2">
          <input
            type="checkbox"
            className="size-4.5"
            checked={history === 'all'}
            onChange={event => setHistory(event.target.checked ? 'all' : 'from-now')}
          />
          <Trans>They see earlier messages</Trans>
        </label>
        <Button tone="primary" disabled={people.length === 0} onClick={() => void add()}>
          <Trans>Add</Trans>
        </Button>
      </footer>
    </div>
  )
}
