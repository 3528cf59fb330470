import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationItem } from '@recado/client'
import type { AccountId } from '@recado/protocol'
import { Bookmark, Forward, type LucideIcon, Pin } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../../components/class-names.ts'
import { Isolated } from '../../components/isolated.tsx'
import { type MessageProgress, StateGlyph } from '../../components/state-glyph.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { isolate } from '../../state/isolate.ts'
import { useMe, usePerson } from '../../state/use-snapshot.ts'
import { BodyText, isRunningText } from './body/body-text.tsx'
import { useDesk } from './desk.ts'
import { Attachments, FilesOnTheirWay } from './files/attachments.tsx'
import { PendingActions } from './pending-actions.tsx'
import { Quote } from './quote.tsx'
import { Receipts } from './receipts.tsx'
import type { Row } from './rows.ts'

interface BubbleProps {
  readonly row: Row
  /** Deleted just now, and to be undone still. */
  readonly deleted: boolean
}

export function Bubble({ row, deleted }: BubbleProps) {
  const { item } = row
  const own = item.type === 'pending' || item.own
  const body = item.type === 'pending' ? item.body : deleted ? null : item.message.body
  const replyTo = item.type === 'pending' ? item.replyTo : item.message.replyTo
  const forwardedFrom = item.type === 'pending' ? item.forwardedFrom : item.message.forwardedFrom
  const files = item.type === 'message' ? item.message.attachments : undefined
  const flows = body === null || (body !== '' && isRunningText(body))
  const refused = item.type === 'pending' && item.state === 'refused'
  return (
    <div
      data-forced-border=""
      className={classNames(
        'flex min-w-16 max-w-full flex-col rounded-lg px-3 pt-1.5 pb-1',
        own ? 'bg-own' : 'bg-surface',
        refused && 'outline outline-failure-ink/50',
        row.endsRun && (own ? 'rounded-ee-sm' : 'rounded-es-sm'),
      )}
    >
      {forwardedFrom !== null && body !== null ? <ForwardedFrom accountId={forwardedFrom} /> : null}
      {replyTo !== null && body !== null ? <Quote quoted={item.quoted} /> : null}
      {files && body !== null ? (
        <div id={`${row.key}-files`}>
          <Attachments files={files} />
        </div>
      ) : null}
      {item.type === 'pending' && item.files.length > 0 ? <FilesOnTheirWay pending={item} /> : null}
      <div className={flows ? 'flow-root' : 'flex flex-col'}>
        <div id={`${row.key}-what`} className={classNames('text-message', flows && 'foot-flows')}>
          {body === null ? <DeletedBody /> : body === '' ? null : <BodyText body={body} item={item} />}
        </div>
        <BubbleFoot
          row={row}
          progress={own ? progressOf(item) : null}
          className={flows ? 'float-end ms-2.5 mt-[0.3rem]' : '-mt-0.5 self-end'}
        />
      </div>
      {item.type === 'pending' ? <PendingActions pending={item} /> : null}
    </div>
  )
}

/** Who first wrote it, whoever copied it here. */
function ForwardedFrom({ accountId }: { readonly accountId: AccountId }) {
  const { t } = useLingui()
  const person = usePerson(accountId)
  const me = useMe()
  const name = isolate(person?.displayName ?? t`Somebody`)
  return (
    <p className="flex max-w-full items-center gap-1 pb-0.5 text-fine text-ink-muted">
      <Forward size={13} strokeWidth={1.75} className="shrink-0 rtl:-scale-x-100" aria-hidden="true" />
      <span className="min-w-0 truncate">
        {accountId === me.id ? <Trans>Forwarded from you</Trans> : <Isolated text={t`Forwarded from ${name}`} />}
      </span>
    </p>
  )
}

/** The outbox's four states are two to the eye: on its way, and not sent. */
function progressOf(item: ConversationItem): MessageProgress | null {
  if (item.type === 'message') return item.message.deletedAt ? null : item.state
  return item.state === 'refused' ? 'refused' : item.state === 'sent' ? 'sent' : 'waiting'
}

function DeletedBody() {
  return (
    <p className="text-ink-muted italic">
      <Trans>Message deleted</Trans>
    </p>
  )
}

interface BubbleFootProps {
  readonly row: Row
  readonly progress: MessageProgress | null
  /** Where it stands: beside the last line of running text if it fits there, else below. */
  readonly className: string
}

/** When it was written, whether it was edited, and how far it got. */
function BubbleFoot({ row, progress, className }: BubbleFootProps) {
  const { t } = useLingui()
  const times = useTimes()
  const { conversation } = useDesk()
  const { item } = row
  const edited = item.type === 'message' && item.message.editedAt !== null && item.message.body !== null
  let glyph: ReactNode = null
  if (progress && item.type === 'message' && conversation?.kind === 'group') {
    glyph = <Receipts item={item} progress={progress} />
  } else if (progress) glyph = <StateGlyph progress={progress} />
  return (
    <span
      id={`${row.key}-when`}
      className={classNames('flex items-center gap-1.5 text-fine text-ink-muted', className)}
    >
      {item.type === 'message' && item.pinned ? <Mark icon={Pin} label={t`Pinned`} /> : null}
      {item.type === 'message' && item.saved ? <Mark icon={Bookmark} label={t`Saved`} /> : null}
      {edited ? <Trans>edited</Trans> : null}
      <time dateTime={row.at} title={times.exact(row.at)} className="tabular">
        {times.clock(row.at)}
      </time>
      {glyph}
    </span>
  )
}

function Mark({ icon: Icon, label }: { readonly icon: LucideIcon; readonly label: string }) {
  return (
    <span title={label} className="inline-flex">
      <Icon size={12} strokeWidth={2} aria-hidden="true" />
      <span className="sr-only">{label}</span>
    </span>
  )
}
