import { Trans, useLingui } from '@lingui/react/macro'
import type { Mail } from '@recado/protocol'
import { Forward, MailOpen, MoreHorizontal, Reply, ReplyAll, Star, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { Button } from '../../../components/button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { Menu, type MenuEntry } from '../../../components/menu.tsx'
import { Notice } from '../../../components/notice.tsx'
import { useSoon } from '../../../i18n/use-soon.ts'
import { useTimes } from '../../../i18n/use-times.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { useMe } from '../../../state/use-snapshot.ts'
import { Attachments } from '../../conversation/files/attachments.tsx'
import { useCompose } from '../compose/use-compose.ts'
import { Face } from '../face.tsx'
import { usePeopleNames } from '../names.ts'
import { StatusGlyph, worstOf } from '../status.tsx'
import type { MailActions } from '../use-mail-actions.ts'
import { MailBody } from './mail-body.tsx'
import { RecipientLine } from './recipient-line.tsx'
import { useCancel } from './use-cancel.ts'

interface MailCardProps {
  readonly mail: Mail
  readonly open: boolean
  readonly onToggle: () => void
  readonly actions: MailActions
  /** Goes back to the list: what was marked as unread must not be looked at on. */
  readonly onLeave: () => void
}

/** One mail of a thread: a line when closed, all of it when open. */
export function MailCard({ mail, open, onToggle, actions, onLeave }: MailCardProps) {
  const id = useId()
  return (
    <article aria-labelledby={`${id}-who`} data-mail-card={mail.id} className="border-line [article+&]:border-t">
      <CardHeader id={id} mail={mail} open={open} onToggle={onToggle} actions={actions} onLeave={onLeave} />
      {open ? (
        <div className="flex flex-col gap-4 px-4 pb-5 md:ps-15 md:pe-6">
          <RecipientLine mail={mail} />
          <Waiting mail={mail} />
          <MailBody mail={mail} />
          {mail.attachments.length > 0 ? <Attachments files={mail.attachments} /> : null}
        </div>
      ) : null}
    </article>
  )
}

function CardHeader({ id, mail, open, onToggle, actions, onLeave }: MailCardProps & { readonly id: string }) {
  const times = useTimes()
  const nameOf = usePeopleNames([mail.authorId])
  const at = mail.sentAt ?? mail.createdAt
  const name = nameOf(mail.authorId)
  return (
    <div className="group relative flex items-start gap-3 px-4 py-3 hover:bg-hover md:pe-6">
      <Face id={mail.authorId} />
      <h2 className="-my-1 flex min-w-0 flex-1 items-start gap-2">
        <button
          type="button"
          aria-expanded={open}
          data-inset-focus=""
          onClick={onToggle}
          className="flex min-h-11 min-w-0 flex-1 flex-col justify-center text-start before:absolute before:inset-0"
        >
          <span className="flex max-w-full items-center gap-2 font-semibold">
            <bdi id={`${id}-who`} className="one-line min-w-0">
              {name}
            </bdi>
            {mail.statuses && !open ? <StatusGlyph status={worstOf(mail.statuses)} /> : null}
          </span>
          {open ? (
            <time dateTime={at} title={times.exact(at)} className="tabular text-ink-muted text-meta">
              {times.day(at)}, {times.clock(at)}
            </time>
          ) : (
            <bdi className="one-line max-w-full text-ink-muted text-meta">{withoutOverrides(mail.preview)}</bdi>
          )}
        </button>
      </h2>
      {open ? null : (
        <time dateTime={at} title={times.exact(at)} className="tabular shrink-0 pt-0.5 text-ink-muted text-meta">
          {times.brief(at)}
        </time>
      )}
      {open ? <CardActions mail={mail} actions={actions} onLeave={onLeave} /> : null}
    </div>
  )
}

function CardActions({ mail, actions, onLeave }: Pick<MailCardProps, 'mail' | 'actions' | 'onLeave'>) {
  const { t } = useLingui()
  const compose = useCompose()
  const { starred } = mail.entry
  const entries: readonly MenuEntry[] = [
    { icon: Reply, label: t`Reply`, onSelect: () => compose.answer('reply', mail) },
    { icon: ReplyAll, label: t`Reply to all`, onSelect: () => compose.answer('reply-all', mail) },
    { icon: Forward, label: t`Forward`, onSelect: () => compose.answer('forward', mail) },
    ...(mail.entry.received
      ? [
          {
            icon: MailOpen,
            label: t`Mark as unread from here`,
            onSelect: () => {
              actions.markRead([mail], false)
              onLeave()
            },
          },
        ]
      : []),
    { icon: Trash2, label: t`Move this mail to trash`, onSelect: () => actions.trash([mail]) },
  ]
  return (
    <span className="relative z-10 -my-1.5 flex shrink-0">
      <IconButton
        icon={Star}
        label={starred ? t`Take the star off` : t`Give a star`}
        aria-pressed={starred}
        onClick={() => actions.star([mail], !starred)}
        className="max-md:hidden aria-pressed:text-amber-ink aria-pressed:[&_svg]:fill-current"
      />
      <IconButton
        icon={Reply}
        label={t`Reply`}
        className="max-md:hidden"
        onClick={() => compose.answer('reply', mail)}
      />
      <Menu trigger={props => <IconButton icon={MoreHorizontal} label={t`More`} {...props} />} entries={entries} />
    </span>
  )
}

/** Of a mail that has not gone out: why, and how to take it back. */
function Waiting({ mail }: { readonly mail: Mail }) {
  const me = useMe()
  const soon = useSoon()
  const cancel = useCancel()
  if (mail.authorId !== me.id) return null
  const back = (
    <Button onClick={() => void cancel(mail)}>
      <Trans>Take back and edit</Trans>
    </Button>
  )
  if (mail.state === 'held') {
    const when = soon(mail.dueAt)
    return (
      <Notice tone="info" action={back}>
        <Trans>This mail goes out {when}.</Trans>
      </Notice>
    )
  }
  if (mail.state === 'failed') {
    return (
      <Notice tone="failure" action={back}>
        <Trans>This mail was not sent: somebody it is addressed to cannot be reached any more.</Trans>
        <details>
          <summary className="min-h-8 cursor-pointer content-center">
            <Trans>Details</Trans>
          </summary>
          {mail.failure?.map(({ path, message }) => (
            <p key={path}>{`${path}: ${message}`}</p>
          ))}
        </details>
      </Notice>
    )
  }
  if (mail.state === 'cancelled') {
    return (
      <Notice tone="info">
        <Trans>You took this mail back before it was sent.</Trans>
      </Notice>
    )
  }
  const queued = mail.statuses?.queued ?? 0
  return queued > 0 ? <StopSending mail={mail} /> : null
}

/** What has not reached anybody yet can still be stopped. */
function StopSending({ mail }: { readonly mail: Mail }) {
  const cancel = useCancel()
  return (
    <Button className="self-start" onClick={() => void cancel(mail)}>
      <Trans>Stop sending</Trans>
    </Button>
  )
}
