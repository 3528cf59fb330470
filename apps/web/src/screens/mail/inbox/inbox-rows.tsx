import { Trans, useLingui } from '@lingui/react/macro'
import type { MailId } from '@recado/protocol'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Mail } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { useTimes } from '../../../i18n/use-times.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { useMedia } from '../../../state/use-media.ts'
import { usePreferences } from '../../../state/use-snapshot.ts'
import { ChatRow } from '../../chats/chat-row.tsx'
import { Face } from '../face.tsx'
import type { MailGroup } from '../group-mails.ts'
import { moveFocus } from '../list/mail-rows.tsx'
import { usePeopleNames } from '../names.ts'
import type { InboxRow } from './arrange-inbox.ts'

const rowHeights = { comfortable: 68, compact: 52 } as const
/** So many rows before the end the next page is asked for. */
const ahead = 12

interface InboxRowsProps {
  readonly rows: readonly InboxRow[]
  readonly open: MailId | null
  readonly hasOlder: boolean
  readonly onOlder: () => void
}

export function InboxRows({ rows, open, hasOlder, onOlder }: InboxRowsProps) {
  const { t } = useLingui()
  const { density: wanted } = usePreferences()
  const density = useMedia('(pointer: fine)') ? wanted : 'comfortable'
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeights[density],
    getItemKey: index => rows[index]?.key ?? index,
    overscan: 6,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow the density.
  useEffect(() => virtualizer.measure(), [density, virtualizer])
  const items = virtualizer.getVirtualItems()
  const nearEnd = hasOlder && (items.at(-1)?.index ?? 0) >= rows.length - ahead
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more for each page that came.
  useEffect(() => {
    if (nearEnd) onOlder()
  }, [nearEnd, rows.length])
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <ul
        aria-label={t`Inbox`}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={event => moveFocus(event)}
      >
        {items.map(({ index, key, start, size }) => {
          const row = rows[index]
          return row ? (
            <li
              key={key}
              data-row=""
              data-mail={row.kind === 'mail' ? row.group.threadId : undefined}
              className="absolute inset-x-0 top-0"
              style={{ height: size, transform: `translateY(${start}px)` }}
            >
              {row.kind === 'chat' ? (
                <ChatRow view={row.view} density={density} />
              ) : (
                <InboxMailRow group={row.group} open={row.group.threadId === open} density={density} />
              )}
            </li>
          ) : null
        })}
      </ul>
    </div>
  )
}

interface InboxMailRowProps {
  readonly group: MailGroup
  readonly open: boolean
  readonly density: 'comfortable' | 'compact'
}

/** As the row of a chat, with the subject before the text. */
const InboxMailRow = memo(function InboxMailRow({ group, open, density }: InboxMailRowProps) {
  const { t } = useLingui()
  const times = useTimes()
  const { newest, unread } = group
  const nameOf = usePeopleNames([newest.authorId])
  const name = nameOf(newest.authorId)
  const at = newest.entry.at
  return (
    <Link
      to="/app/inbox/{-$threadId}"
      params={{ threadId: String(group.threadId) }}
      data-inset-focus=""
      draggable={false}
      aria-current={open ? 'page' : undefined}
      className={classNames(
        'flex h-full items-center gap-3 rounded px-2.5',
        open ? 'bg-selected hover:bg-selected' : 'hover:bg-hover',
      )}
    >
      <Face id={newest.authorId} size={density === 'compact' ? 'sm' : 'md'} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <bdi className={classNames('one-line min-w-0 flex-1', unread ? 'font-bold' : 'font-semibold')}>{name}</bdi>
          <time dateTime={at} title={times.exact(at)} className="tabular shrink-0 text-fine text-ink-muted">
            {times.brief(at)}
          </time>
        </span>
        <span className="flex items-center gap-1.5 text-meta">
          <Mail size={14} strokeWidth={1.75} role="img" aria-label={t`Mail`} className="shrink-0 text-ink-muted" />
          <span className="flex min-w-0 flex-1 gap-1.5">
            <bdi className={classNames('one-line max-w-[70%] shrink-0', unread && 'font-semibold')}>
              {newest.subject === '' ? <Trans>no subject</Trans> : withoutOverrides(newest.subject)}
            </bdi>
            <bdi className="one-line min-w-0 text-ink-muted">{withoutOverrides(newest.preview)}</bdi>
          </span>
          {unread ? (
            <span
              role="img"
              aria-label={t`Unread`}
              data-forced-border=""
              className="size-3 shrink-0 rounded-full bg-wax"
            />
          ) : null}
        </span>
      </span>
    </Link>
  )
})
