import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { Check, Clock, Paperclip, Star } from 'lucide-react'
import { memo } from 'react'
import { classNames } from '../../../components/class-names.ts'
import { useSoon } from '../../../i18n/use-soon.ts'
import { useTimes } from '../../../i18n/use-times.ts'
import { withoutOverrides } from '../../../state/isolate.ts'
import { firstName } from '../../../state/names.ts'
import { useMe } from '../../../state/use-snapshot.ts'
import { Face } from '../face.tsx'
import { authorsOf, type MailGroup, statusesOf } from '../group-mails.ts'
import { linkTo, type MailPlace } from '../mail-places.ts'
import { usePeopleNames, useRecipientsLine } from '../names.ts'
import { StatusGlyph, useCountWords, worstOf } from '../status.tsx'

interface MailRowProps {
  readonly group: MailGroup
  readonly place: MailPlace
  readonly open: boolean
  readonly selected: boolean
  /** Whether anything is selected: then each row shows its box. */
  readonly selecting: boolean
  readonly density: 'comfortable' | 'compact'
  readonly onSelect: (reach: 'one' | 'range') => void
  readonly onStar: () => void
}

export const MailRow = memo(function MailRow(props: MailRowProps) {
  const { group, place, open, selected, density, onStar } = props
  const { t } = useLingui()
  const { newest, unread, starred } = group
  const times = useTimes()
  const at = newest.entry.at
  return (
    <div
      className={classNames(
        'group relative flex h-full items-start gap-2.5 rounded px-2.5 py-2 hover:bg-hover',
        selected ? 'bg-wax-tint hover:bg-wax-tint' : open && 'bg-selected hover:bg-selected',
      )}
    >
      <SelectBox {...props} />
      <Link
        {...linkTo(place, group.threadId)}
        data-inset-focus=""
        draggable={false}
        aria-current={open ? 'page' : undefined}
        className="flex min-w-0 flex-1 flex-col before:absolute before:inset-0 before:rounded focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:outline-wax focus-visible:before:-outline-offset-2"
      >
        <span className="flex items-baseline gap-2">
          <Who group={group} place={place} />
          <time dateTime={at} title={times.exact(at)} className="tabular shrink-0 text-fine text-ink-muted">
            {times.brief(at)}
          </time>
        </span>
        <span className="flex items-center gap-1.5 pe-6">
          {unread ? (
            <span
              role="img"
              aria-label={t`Unread`}
              data-forced-border=""
              className="size-2 shrink-0 rounded-full bg-wax"
            />
          ) : null}
          <Subject group={group} />
        </span>
        {density === 'compact' ? null : (
          <span className="flex min-w-0 gap-1.5 pe-6 text-ink-muted text-meta">
            <SecondLine group={group} place={place} />
          </span>
        )}
      </Link>
      <button
        type="button"
        aria-label={starred ? t`Take the star off` : t`Give a star`}
        aria-pressed={starred}
        title={starred ? t`Take the star off` : t`Give a star`}
        onClick={onStar}
        className={classNames(
          'absolute end-0 bottom-0 z-10 inline-flex size-11 items-center justify-center rounded md:pointer-fine:size-9',
          starred ? 'text-amber-ink' : 'text-line-strong hover:text-ink',
        )}
      >
        <Star size={17} strokeWidth={1.75} fill={starred ? 'currentColor' : 'none'} aria-hidden="true" />
      </button>
    </div>
  )
})

/** The author's picture; under the pointer, and while some are chosen, a box to choose it by. */
function SelectBox({ group, selected, selecting, density, onSelect }: MailRowProps) {
  const { t } = useLingui()
  const { newest } = group
  const subject = newest.subject || t`no subject`
  const face = selecting ? 'hidden' : 'md:pointer-fine:group-hover:hidden'
  const box = selecting ? 'flex' : 'hidden md:pointer-fine:group-hover:flex'
  return (
    // biome-ignore lint/a11y/useSemanticElements: in its place stands a picture until the pointer comes.
    <button
      type="button"
      role="checkbox"
      aria-checked={selected}
      aria-label={t`Choose ${subject}`}
      onClick={event => onSelect(event.shiftKey ? 'range' : 'one')}
      className="relative z-10 -m-1.5 flex size-11 shrink-0 items-center justify-center rounded"
    >
      <span className={face}>
        <Face id={newest.authorId} size={density === 'compact' ? 'xs' : 'sm'} />
      </span>
      <span
        className={classNames(
          'size-5 items-center justify-center rounded-sm border',
          box,
          selected ? 'border-wax bg-wax text-on-wax' : 'border-line-strong bg-surface',
        )}
      >
        {selected ? <Check size={15} strokeWidth={2.5} aria-hidden="true" /> : null}
      </span>
    </button>
  )
}

/** In what one sent, to whom it went; else who wrote. */
function Who({ group, place }: Pick<MailRowProps, 'group' | 'place'>) {
  const { t } = useLingui()
  const me = useMe()
  const authors = authorsOf(group)
  const nameOf = usePeopleNames(authors)
  const recipientsLine = useRecipientsLine()
  const outgoing = place.folder === 'sent' || place.folder === 'unsent'
  const [only] = authors
  const names =
    authors.length === 1 && only !== undefined
      ? nameOf(only)
      : authors.map(id => (id === me.id ? nameOf(id) : firstName(nameOf(id)))).join(', ')
  return (
    <span className={classNames('flex min-w-0 flex-1 gap-1', group.unread ? 'font-bold' : 'font-semibold')}>
      <bdi className="one-line min-w-0">{outgoing ? t`To: ${recipientsLine(group.newest)}` : names}</bdi>
      {group.mails.length > 1 ? (
        <span className="tabular shrink-0 font-normal text-ink-muted text-meta">
          {group.mails.length}
          <span className="sr-only">
            {t({ message: plural(group.mails.length, { one: '# mail', other: '# mails' }) })}
          </span>
        </span>
      ) : null}
    </span>
  )
}

function Subject({ group: { newest, unread, labels } }: Pick<MailRowProps, 'group'>) {
  const { t } = useLingui()
  return (
    <>
      <bdi
        className={classNames('one-line min-w-0 flex-1', unread ? 'font-semibold' : newest.subject === '' && 'italic')}
      >
        {newest.subject === '' ? <Trans>no subject</Trans> : withoutOverrides(newest.subject)}
      </bdi>
      {newest.attachmentCount > 0 ? (
        <Paperclip size={14} role="img" aria-label={t`With files`} className="shrink-0 text-ink-muted" />
      ) : null}
      {labels.slice(0, 1).map(label => (
        <bdi key={label} className="one-line max-w-24 shrink-0 rounded-sm bg-hover px-1.5 text-fine text-ink-muted">
          {label}
        </bdi>
      ))}
    </>
  )
}

/** The beginning of the text, or, for its author, how far it got. */
function SecondLine({ group, place }: Pick<MailRowProps, 'group' | 'place'>) {
  const { t } = useLingui()
  const soon = useSoon()
  const words = useCountWords()
  const { newest, mails } = group
  const counts = place.folder === 'sent' ? statusesOf(mails) : null
  if (newest.state === 'held') {
    const when = soon(newest.dueAt)
    return (
      <>
        <Clock size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
        <span className="one-line min-w-0">{t`Goes out ${when}`}</span>
      </>
    )
  }
  if (newest.state === 'failed') {
    return (
      <>
        <StatusGlyph status="failed" />
        <span className="one-line min-w-0 text-failure-ink">{t`Not sent. Open it to see why.`}</span>
      </>
    )
  }
  if (place.folder === 'snoozed' && newest.entry.snoozedUntil !== null) {
    const when = soon(newest.entry.snoozedUntil)
    return <span className="one-line min-w-0">{t`Comes back ${when}`}</span>
  }
  if (counts) {
    return (
      <>
        <span className="mt-px">
          <StatusGlyph status={worstOf(counts)} />
        </span>
        <bdi title={words(counts)} className="one-line tabular min-w-0">
          {words(counts)}
        </bdi>
      </>
    )
  }
  return <bdi className="one-line min-w-0">{withoutOverrides(newest.preview)}</bdi>
}
