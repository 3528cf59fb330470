import { Trans, useLingui } from '@lingui/react/macro'
import { Check, Pencil, Reply, SendHorizontal, X } from 'lucide-react'
import { useId } from 'react'
import { IconButton } from '../../components/icon-button.tsx'
import type { OpenConversation } from '../../state/use-conversation.ts'
import { ComposerField } from './composer-field.tsx'
import { QuoteLine } from './quote.tsx'
import type { ComposerControl } from './use-composer.ts'

interface ComposerProps {
  readonly open: OpenConversation
  readonly control: ComposerControl
}

export function Composer({ open, control }: ComposerProps) {
  const { t } = useLingui()
  const id = useId()
  if (open.snapshot.view?.membership === 'left') return <LeftNote />
  const empty = control.text.trim() === ''
  return (
    <form
      aria-label={t`Write a message`}
      onSubmit={event => {
        event.preventDefault()
        control.submit()
      }}
      className="shrink-0 px-2 pt-1 pb-[max(0.5rem,env(safe-area-inset-bottom))] md:px-4 md:pb-4"
    >
      <div className="relative mx-auto max-w-[52rem] rounded-lg border border-line bg-surface focus-within:border-line-strong">
        <ComposerContext open={open} control={control} />
        <div className="flex items-end gap-1 p-1">
          <ComposerField id={id} open={open} control={control} />
          <button
            type="submit"
            disabled={empty}
            aria-label={control.editing ? t`Save` : t`Send`}
            title={control.editing ? t`Save` : t`Send`}
            className="inline-flex size-11 shrink-0 items-center justify-center rounded bg-wax text-on-wax transition-colors hover:bg-wax-deep disabled:bg-transparent disabled:text-ink-muted md:pointer-fine:size-9"
          >
            {control.editing ? (
              <Check size={20} strokeWidth={1.75} aria-hidden="true" />
            ) : (
              <SendHorizontal size={20} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
            )}
          </button>
        </div>
      </div>
    </form>
  )
}

/** What the text belongs to: the message it answers or replaces. */
function ComposerContext({ open, control }: ComposerProps) {
  const { t } = useLingui()
  const { editing, replyTo } = control
  if (!editing && replyTo === null) return null
  const Icon = editing ? Pencil : Reply
  const answered = open.snapshot.items.find(item => item.type === 'message' && item.message.sequence === replyTo)
  return (
    <div className="animate-arrive flex items-center gap-2.5 border-line border-b ps-3 pe-1">
      <Icon size={18} strokeWidth={1.75} className="shrink-0 text-wax-ink" aria-hidden="true" />
      <div className="min-w-0 flex-1 py-1.5">
        {editing ? (
          <>
            <p className="font-semibold text-meta text-wax-ink">
              <Trans>Editing</Trans>
            </p>
            <p dir="auto" className="truncate text-ink-muted text-meta">
              {editing.body}
            </p>
          </>
        ) : (
          <QuoteLine message={answered?.type === 'message' ? answered.message : null} />
        )}
      </div>
      <IconButton
        icon={X}
        label={editing ? t`Stop editing` : t`Do not reply to it`}
        onClick={() => control.stepBack()}
      />
    </div>
  )
}

function LeftNote() {
  return (
    <p className="border-line border-t px-4 py-5 text-center text-ink-muted">
      <Trans>You are no longer in this chat. What could not be sent is kept here until you cancel it.</Trans>
    </p>
  )
}
