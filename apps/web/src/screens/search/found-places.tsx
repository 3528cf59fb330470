import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Link, type LinkProps } from '@tanstack/react-router'
import { Mail, Paperclip } from 'lucide-react'
import { Avatar } from '../../components/avatar.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { useAuthorName, useConversationName } from '../../state/names.ts'
import { useConversationView, usePerson } from '../../state/use-snapshot.ts'
import { Excerpt } from '../palette/excerpt-words.tsx'
import type { FoundLine, FoundPlace } from './find.ts'

/** Where something was found, and there each message and mail that leads to its place. */
export function FoundPlaces({ places }: { readonly places: readonly FoundPlace[] }) {
  return (
    <ul className="flex flex-col gap-5">
      {places.map(place => (
        <li key={place.key}>
          {place.conversationId === null ? (
            <ThreadName place={place} />
          ) : (
            <ConversationName id={place.conversationId} />
          )}
          <ul className="mt-1">
            {place.lines.map(line => (
              <Line key={line.key} line={line} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

const nameClass = 'flex min-w-0 items-center gap-2.5 px-3 font-semibold'

function ThreadName({ place: { subject } }: { readonly place: FoundPlace }) {
  return (
    <h2 className={nameClass}>
      <span className="inline-flex size-8 shrink-0 items-center justify-center rounded bg-hover text-ink-muted">
        <Mail size={18} strokeWidth={1.75} aria-hidden="true" />
      </span>
      <bdi dir="auto" className="min-w-0 truncate">
        {subject && subject.length > 0 ? <Excerpt parts={subject} /> : <Trans>No subject</Trans>}
      </bdi>
    </h2>
  )
}

function ConversationName({ id }: { readonly id: NonNullable<FoundPlace['conversationId']> }) {
  const view = useConversationView(id)
  const conversation = view?.conversation ?? null
  const name = useConversationName(conversation)
  const peer = conversation?.peer ?? null
  return (
    <h2 className={nameClass}>
      <Avatar id={peer?.id ?? id} name={name} size="sm" kind={conversation?.kind === 'group' ? 'group' : 'person'} />
      <bdi dir="auto" className="min-w-0 truncate">
        {name}
      </bdi>
    </h2>
  )
}

function Line({ line }: { readonly line: FoundLine }) {
  const { t } = useLingui()
  const times = useTimes()
  const author = usePerson(line.authorId)
  const name = useAuthorName(line.authorId, author?.displayName ?? null)
  const { attachmentCount: files } = line
  return (
    <li>
      <Link
        {...linkOf(line)}
        data-inset-focus=""
        className="ms-11 flex flex-col gap-0.5 rounded px-3 py-2 hover:bg-hover"
      >
        <span className="flex items-baseline gap-2 text-meta">
          <bdi dir="auto" className="min-w-0 truncate text-ink-muted">
            {name}
          </bdi>
          {files > 0 ? (
            <span className="flex shrink-0 items-center gap-0.5 text-fine text-ink-muted">
              <Paperclip size={13} strokeWidth={1.75} aria-hidden="true" />
              <span aria-hidden="true">{files}</span>
              <span className="sr-only">{t({ message: plural(files, { one: '# file', other: '# files' }) })}</span>
            </span>
          ) : null}
          <time
            dateTime={line.at}
            title={times.exact(line.at)}
            className="tabular ms-auto shrink-0 text-fine text-ink-muted"
          >
            {times.brief(line.at)}
          </time>
        </span>
        <span dir="auto" className="spoken line-clamp-3 break-words">
          <Excerpt parts={line.excerpt} />
        </span>
      </Link>
    </li>
  )
}

function linkOf({ leadsTo }: FoundLine): LinkProps {
  if (leadsTo.kind === 'message') {
    return {
      to: '/app/chats/$conversationId',
      params: { conversationId: String(leadsTo.conversationId) },
      search: { at: leadsTo.sequence },
    }
  }
  return {
    to: '/app/mail/{-$view}/{-$threadId}',
    params: { view: leadsTo.folder, threadId: String(leadsTo.threadId) },
  }
}
