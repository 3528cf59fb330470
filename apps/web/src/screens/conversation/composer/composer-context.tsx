import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationItem } from '@recado/client'
import { Pencil, Reply, X } from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { usePlainText } from '../body/use-plain-text.ts'
import { QuoteLine } from '../quote.tsx'
import type { Writing } from './composer-model.ts'

interface ComposerContextProps {
  readonly writing: Writing
  readonly items: readonly ConversationItem[]
  readonly onLeave: () => void
}

/** What the text belongs to: the message it answers or replaces. */
export function ComposerContext({ writing: { editing, replyTo }, items, onLeave }: ComposerContextProps) {
  const { t } = useLingui()
  const words = usePlainText(editing?.body ?? '')
  if (!editing && replyTo === null) return null
  const Icon = editing ? Pencil : Reply
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
              {words.slice(0, 240)}
            </p>
          </>
        ) : (
          <Answered sequence={replyTo} items={items} />
        )}
      </div>
      <IconButton icon={X} label={editing ? t`Stop editing` : t`Do not reply to it`} onClick={onLeave} />
    </div>
  )
}

function Answered({ sequence, items }: { readonly sequence: number | null } & Pick<ComposerContextProps, 'items'>) {
  const answered = items.find(item => item.type === 'message' && item.message.sequence === sequence)
  return <QuoteLine message={answered?.type === 'message' ? answered.message : null} />
}
