import { Trans, useLingui } from '@lingui/react/macro'
import type { Conversation } from '@recado/protocol'
import { Check, Pencil, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { fieldClass } from '../../components/text-field.tsx'
import { useEditing } from '../../components/use-editing.ts'
import { isKey } from '../../keys/match-key.ts'
import { useClient } from '../../state/app-context.ts'
import { useAttempt } from '../../state/use-attempt.ts'

/** `limits.groupDescriptionLength` of the protocol. */
const longest = 1_000

/** What a group is for, written in place by those who run the group. */
export function GroupDescription({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useLingui()
  const { editing, button, start, stop } = useEditing()
  const runs = conversation.me.role !== 'member'
  if (editing) return <Describe conversation={conversation} onDone={stop} />
  if (conversation.description === null) {
    return runs ? (
      <Button ref={button} tone="plain" onClick={start} className="text-wax-ink">
        <Trans>Say what the group is for</Trans>
      </Button>
    ) : null
  }
  return (
    <div className="flex max-w-full items-start gap-1">
      <p dir="auto" className="spoken min-w-0 whitespace-pre-wrap pt-1 text-ink-muted">
        {conversation.description}
      </p>
      {runs ? <IconButton icon={Pencil} ref={button} label={t`Change the description`} onClick={start} /> : null}
    </div>
  )
}

function Describe({ conversation, onDone }: { readonly conversation: Conversation; readonly onDone: () => void }) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const [text, setText] = useState(conversation.description ?? '')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const description = text.trim() === '' ? null : text.trim()
    const unchanged = description === conversation.description
    if (unchanged || (await attempt(() => client.updateGroup(conversation.id, { description })))) onDone()
  }
  return (
    <form onSubmit={save} className="flex w-full items-start gap-1">
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the person just asked to write here.
        autoFocus
        dir="auto"
        rows={3}
        value={text}
        maxLength={longest}
        aria-label={t`Description of the group`}
        onChange={event => setText(event.target.value)}
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
