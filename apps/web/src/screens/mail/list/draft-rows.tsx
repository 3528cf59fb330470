/** Letters that were begun: one opens where it was left. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { DraftRecipient, DraftView } from '@recado/client'
import { FileText, Trash2 } from 'lucide-react'
import { IconButton } from '../../../components/icon-button.tsx'
import { useTimes } from '../../../i18n/use-times.ts'
import { useHidden } from '../../../state/use-conversation.ts'
import { useCompose } from '../compose/use-compose.ts'
import { draftKey, useDiscard } from '../compose/use-discard.ts'
import { useDraftRecipientName } from '../names.ts'
import { useMailSnapshot } from '../use-mail.ts'
import { NothingHere } from './nothing-here.tsx'

export function DraftRows() {
  const { t } = useLingui()
  const hidden = useHidden()
  const drafts = useMailSnapshot(snapshot => snapshot.drafts).filter(({ id }) => !hidden.has(draftKey(id)))
  if (drafts.length === 0) return <NothingHere place={{ folder: 'drafts' }} only="all" />
  return (
    <ul aria-label={t`Drafts`} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      {drafts.map(draft => (
        <li key={draft.id}>
          <DraftRow draft={draft} />
        </li>
      ))}
    </ul>
  )
}

function DraftRow({ draft }: { readonly draft: DraftView }) {
  const { t } = useLingui()
  const times = useTimes()
  const compose = useCompose()
  const discard = useDiscard()
  const recipients = [...draft.to, ...draft.cc, ...draft.bcc]
  return (
    <div className="relative flex items-start gap-2.5 rounded px-2.5 py-2 hover:bg-hover">
      <FileText size={18} strokeWidth={1.75} className="mt-0.5 shrink-0 text-wax-ink" aria-hidden="true" />
      <button
        type="button"
        data-inset-focus=""
        onClick={() => compose.open(draft.id)}
        className="flex min-w-0 flex-1 flex-col text-start before:absolute before:inset-0 before:rounded"
      >
        <span className="flex items-baseline gap-2">
          <span className="flex min-w-0 flex-1 gap-1 font-semibold">
            {recipients.length === 0 ? (
              <span className="font-normal text-ink-muted">
                <Trans>To nobody yet</Trans>
              </span>
            ) : (
              <RecipientNames recipients={recipients} />
            )}
          </span>
          <time
            dateTime={draft.updatedAt}
            title={times.exact(draft.updatedAt)}
            className="tabular shrink-0 text-fine text-ink-muted"
          >
            {times.brief(draft.updatedAt)}
          </time>
        </span>
        <bdi className="one-line min-w-0 pe-8">{draft.subject || t`no subject`}</bdi>
        <bdi className="one-line min-h-5 min-w-0 pe-8 text-ink-muted text-meta">{draft.preview}</bdi>
      </button>
      <IconButton
        icon={Trash2}
        label={t`Discard the draft`}
        className="!absolute end-0 bottom-0 z-10"
        onClick={() => discard(draft.id)}
      />
    </div>
  )
}

function RecipientNames({ recipients }: { readonly recipients: readonly DraftRecipient[] }) {
  const [first, ...others] = recipients
  if (!first) return null
  return (
    <>
      <RecipientName recipient={first} />
      {others.length > 0 ? <span className="shrink-0">+{others.length}</span> : null}
    </>
  )
}

function RecipientName({ recipient }: { readonly recipient: DraftRecipient }) {
  return <bdi className="one-line min-w-0">{useDraftRecipientName(recipient)}</bdi>
}
