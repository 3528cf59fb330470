/** Where one writes in a conversation. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useRef } from 'react'
import type { OpenConversation } from '../../../state/use-conversation.ts'
import { ComposerContext } from './composer-context.tsx'
import { ComposerField } from './composer-field.tsx'
import { type ComposerModel, useWriting } from './composer-model.ts'
import { EmojiButton } from './emoji-button.tsx'
import { SendButton } from './send-button.tsx'
import { useMentionable } from './use-mentionable.ts'
import { useSubmit } from './use-submit.ts'
import { useTypingReports } from './use-typing-reports.ts'

interface ComposerProps {
  readonly open: OpenConversation
  readonly model: ComposerModel
}

export function Composer({ open, model }: ComposerProps) {
  return open.snapshot.view?.membership === 'left' ? <LeftNote /> : <ComposerForm open={open} model={model} />
}

function ComposerForm({ open: { handle, snapshot }, model }: ComposerProps) {
  const { t } = useLingui()
  const field = useRef<HTMLTextAreaElement>(null)
  const writing = useWriting(model)
  const people = useMentionable(snapshot)
  const reportTyping = useTypingReports(handle)
  const submit = useSubmit({ handle, model, people, stopTyping: () => reportTyping('') })
  const write = (text: string) => {
    model.setText(text)
    if (!writing.editing) reportTyping(text)
  }
  return (
    <form
      aria-label={t`Write a message`}
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
      className="shrink-0 px-2 pt-1 pb-[max(0.5rem,env(safe-area-inset-bottom))] md:px-4 md:pb-4"
    >
      <div className="relative mx-auto max-w-[52rem] rounded-lg border border-line bg-surface focus-within:border-line-strong">
        <ComposerContext writing={writing} items={snapshot.items} onLeave={model.stepBack} />
        <div className="flex items-end gap-1 p-1">
          <EmojiButton field={field} />
          <ComposerField
            field={field}
            writing={writing}
            people={people}
            focusRequests={model.focusRequests}
            onWrite={write}
            onSubmit={submit}
            onEditLast={model.editLast}
          />
          <SendButton saving={writing.editing !== null} disabled={writing.text.trim() === ''} />
        </div>
      </div>
    </form>
  )
}

function LeftNote() {
  return (
    <p className="border-line border-t px-4 py-5 text-center text-ink-muted">
      <Trans>You are no longer in this chat. What could not be sent is kept here until you cancel it.</Trans>
    </p>
  )
}
