import { useLingui } from '@lingui/react/macro'
import type { DraftRecipient } from '@recado/client'
import { CircleAlert, UsersRound, X } from 'lucide-react'
import { classNames } from '../../../components/class-names.ts'
import { useDraftRecipientName } from '../names.ts'

interface RecipientChipProps {
  readonly recipient: DraftRecipient
  readonly state: 'known' | 'unknown'
  readonly onRemove: () => void
}

export function RecipientChip({ recipient, state, onRemove }: RecipientChipProps) {
  const { t } = useLingui()
  const name = useDraftRecipientName(recipient)
  const unknown = state === 'unknown'
  return (
    <li
      data-recipient={state}
      className={classNames(
        'relative z-1 inline-flex max-w-full items-center rounded-full border text-meta',
        unknown ? 'border-failure-ink bg-failure-tint text-failure-ink' : 'border-line bg-surface',
      )}
    >
      <span className="inline-flex min-w-0 items-center gap-1 ps-2.5">
        {unknown ? <CircleAlert size={14} className="shrink-0" aria-hidden="true" /> : null}
        {'conversationId' in recipient ? (
          <UsersRound size={14} className="shrink-0 text-ink-muted" role="img" aria-label={t`Group`} />
        ) : null}
        <bdi className="one-line min-w-0 max-w-56">{name}</bdi>
        {unknown ? <span className="sr-only">{t`is not known here`}</span> : null}
      </span>
      <button
        type="button"
        aria-label={t`Take out ${name}`}
        title={unknown ? t`${name} is not known here` : t`Take out ${name}`}
        onClick={onRemove}
        className="relative inline-flex size-8 shrink-0 items-center justify-center rounded-full before:absolute before:-inset-y-1.5 before:-inset-x-1.5 hover:bg-hover md:pointer-fine:size-7"
      >
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  )
}
