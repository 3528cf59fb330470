import { useLingui } from '@lingui/react/macro'
import type { Conversation } from '@recado/protocol'
import { Check, Pencil, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { IconButton } from '../../components/icon-button.tsx'
import { fieldClass } from '../../components/text-field.tsx'
import { useEditing } from '../../components/use-editing.ts'
import { isKey } from '../../keys/match-key.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

/** The group's name, renamed in place by those who run the group. */
export function GroupName({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const { editing, button, start, stop } = useEditing()
  if (editing) return <Rename conversation={conversation} onDone={stop} />
  return (
    <div className="mt-2 flex max-w-full items-center gap-1">
      <p dir="auto" className="spoken font-semibold text-title">
        {conversation.name}
      </p>
      {conversation.me.role === 'member' ? null : (
        <IconButton icon={Pencil} ref={button} label={t`Rename the group`} onClick={start} />
      )}
    </div>
  )
}

function Rename({ conversation, onDone }: { readonly conversation: Conversation; readonly onDone: () => void }) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const [name, setName] = useState(conversation.name ?? '')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '') return
    const unchanged = wanted === conversation.name
    if (unchanged || (await attempt(() => client.updateGroup(conversation.id, { name: wanted })))) onDone()
  }
  return (
    <form onSubmit={save} className="mt-2 flex w-full items-center gap-1">
      <input
        // biome-ignore lint/a11y/noAutofocus: the person just asked to write here.
        autoFocus
        dir="auto"
        value={name}
        maxLength={100}
        aria-label={t`Name of the group`}
        onChange={event => setName(event.target.value)}
        onKeyDown={event => {
          if (!isKey(event.nativeEvent, 'stepBack')) return
          event.preventDefault()
          onDone()
        }}
        className={fieldClass}
      />
      <IconButton type="submit" icon={Check} label={t`Save`} />
      <IconButton icon={X} label={t`Cancel`} onClick={onDone} />
    </form>
  )
}
