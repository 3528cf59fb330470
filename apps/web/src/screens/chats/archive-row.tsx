import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Archive } from 'lucide-react'
import { CountBadge } from '../../components/count-badge.tsx'

interface ArchiveRowProps {
  readonly count: number
  readonly unread: number
  readonly onOpen: () => void
}

/** The way to what was put away: how much that is or, as long as something is unread there, how much of it. */
export function ArchiveRow({ count, unread, onOpen }: ArchiveRowProps) {
  const { t } = useLingui()
  return (
    <button
      type="button"
      data-inset-focus=""
      onClick={onOpen}
      className="flex h-full w-full items-center gap-3 rounded px-2.5 text-start text-ink-muted hover:bg-hover"
    >
      <span className="flex w-11 justify-center">
        <Archive size={18} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <span className="tabular flex-1">
        <Trans>Archived</Trans> {unread === 0 ? count : null}
      </span>
      <CountBadge
        count={unread}
        tone="quiet"
        label={t({
          message: plural(unread, { one: '# chat with something unread', other: '# chats with something unread' }),
        })}
      />
    </button>
  )
}
