import { Trans, useLingui } from '@lingui/react/macro'
import type { Person } from '@recado/protocol'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { PeoplePicker } from './people-picker.tsx'

/** A name and the first members. */
export function NewGroup({ onDone }: { readonly onDone: () => void }) {
  const { t } = useLingui()
  const client = useClient()
  const navigate = useNavigate()
  const attempt = useAttempt()
  const [name, setName] = useState('')
  const [people, setPeople] = useState<readonly Person[]>([])
  const [pending, setPending] = useState(false)

  const create = async (event: FormEvent) => {
    event.preventDefault()
    setPending(true)
    await attempt(async () => {
      const group = await client.createGroup(
        name.trim(),
        people.map(person => person.id),
      )
      onDone()
      await navigate({ to: '/app/chats/$conversationId', params: { conversationId: String(group.id) } })
    })
    setPending(false)
  }

  return (
    <form onSubmit={create} className="flex min-h-0 flex-1 flex-col">
      <div className="p-4 pb-2">
        <TextField
          label={t`Name of the group`}
          autoFocus
          required
          maxLength={100}
          dir="auto"
          value={name}
          onChange={event => setName(event.target.value)}
          autoComplete="off"
        />
      </div>
      <PeoplePicker label={t`Members`} people={people} onChange={setPeople} />
      <footer className="flex justify-end gap-2 border-line border-t p-3">
        <Button type="submit" tone="primary" disabled={pending || name.trim() === '' || people.length === 0}>
          <Trans>Create group</Trans>
        </Button>
      </footer>
    </form>
  )
}
