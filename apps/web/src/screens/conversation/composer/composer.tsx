/** Where one writes in a conversation. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Type } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { IconButton } from '../../../components/icon-button.tsx'
import { lazyPart } from '../../../parts/lazy-part.tsx'
import type { OpenConversation } from '../../../state/use-conversation.ts'
import { AttachButton } from '../files/attach-button.tsx'
import { usePickedFiles } from '../files/use-files.ts'
import { ComposerContext } from './composer-context.tsx'
import { ComposerField } from './composer-field.tsx'
import { type ComposerModel, useWriting } from './composer-model.ts'
import { EmojiButton } from './emoji-button.tsx'
import { useFormatting } from './format/use-formatting.ts'
import { lengthLeft } from './length.ts'
import { LengthNote } from './length-note.tsx'
import { SendButton } from './send-button.tsx'
import { useMentionable } from './use-mentionable.ts'
import { isEmpty, useSubmit } from './use-submit.ts'
import { useTypingReports } from './use-typing-reports.ts'

const FormatBar = lazyPart(() => import('./format/format-bar.tsx').then(module => module.FormatBar))
const FileChips = lazyPart(() => import('../files/file-chips.tsx').then(module => module.FileChips))

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
  const files = usePickedFiles(model)
  const people = useMentionable(snapshot)
  const reportTyping = useTypingReports(handle)
  const formatting = useFormatting(field)
  const submit = useSubmit({ handle, model, people, stopTyping: () => reportTyping('') })
  const { left, noteId, refusals, unlessTooLong } = useLength(writing.text)
  const write = (text: string) => {
    model.setText(text)
    if (!writing.editing) reportTyping(text)
  }
  return (
    <form
      aria-label={t`Write a message`}
      onSubmit={event => {
        event.preventDefault()
        unlessTooLong(submit)
      }}
      className="shrink-0 px-2 pt-1 pb-[max(0.5rem,env(safe-area-inset-bottom))] md:px-4 md:pb-4"
    >
      <div
        {...formatting.focusProps}
        className="relative mx-auto max-w-[58rem] rounded-lg border border-line bg-surface focus-within:border-line-strong"
      >
        {formatting.shown ? <FormatBar onFormat={formatting.format} /> : null}
        <ComposerContext writing={writing} items={snapshot.items} onLeave={model.stepBack} />
        {files.length > 0 && !writing.editing ? (
          <FileChips files={files} onRemove={file => model.files.set(files.filter(kept => kept !== file))} />
        ) : null}
        <div className="flex items-end gap-1 p-1">
          <EmojiButton field={field} />
          {writing.editing ? null : <AttachButton model={model} />}
          <ComposerField
            field={field}
            writing={writing}
            people={people}
            formatting={formatting}
            focusRequests={model.focusRequests}
            tooLong={left !== null && left < 0 ? noteId : null}
            onWrite={write}
            onSubmit={() => unlessTooLong(submit)}
            onEditLast={model.editLast}
          />
          <IconButton
            icon={Type}
            label={t`Formatting`}
            aria-pressed={formatting.kept}
            onClick={formatting.toggle}
            className="aria-pressed:bg-hover aria-pressed:text-ink max-md:hidden"
          />
          <SendButton saving={writing.editing !== null} disabled={isEmpty(writing, model)} />
        </div>
        {left === null ? null : <LengthNote id={noteId} left={left} refusals={refusals} />}
      </div>
    </form>
  )
}

/** What is too long stays as it was written, and each attempt to send it is answered. */
function useLength(text: string) {
  const noteId = useId()
  const [refusals, setRefusals] = useState(0)
  const left = lengthLeft(text)
  const unlessTooLong = (send: () => void) => (left !== null && left < 0 ? setRefusals(refusals + 1) : send())
  return { left, noteId, refusals, unlessTooLong }
}

function LeftNote() {
  return (
    <p className="border-line border-t px-4 py-5 text-center text-ink-muted">
      <Trans>You are no longer in this chat. What could not be sent is kept here until you cancel it.</Trans>
    </p>
  )
}
