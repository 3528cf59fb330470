import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import { Link } from '@tanstack/react-router'
import { BellOff, Pin } from 'lucide-react'
import { memo } from 'react'
import { Avatar } from '../../components/avatar.tsx'
import { classNames } from '../../components/class-names.ts'
import { CountBadge } from '../../components/count-badge.tsx'
import { StateGlyph } from '../../components/state-glyph.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { firstName, useConversationName } from '../../state/names.ts'
import type { Preferences } from '../../state/preferences.ts'
import { useDraft, useMe, usePerson, usePresence } from '../../state/use-snapshot.ts'
import { usePlainText } from '../conversation/body/use-plain-text.ts'
import { saidIn } from '../conversation/files/said.ts'
import { isUnread } from './arrange-chats.ts'
import { TypingWords } from './typing-words.tsx'

interface ChatRowProps {
  readonly view: ConversationView
  readonly density: Preferences['density']
}

export const ChatRow = memo(function ChatRow({ view, density }: ChatRowProps) {
  const times = useTimes()
  const { conversation } = view
  const name = useConversationName(conversation)
  const presence = usePresence(conversation.peer?.id ?? null)
  const { lastMessage, me } = conversation
  const at = lastMessage && lastMessage.createdAt > me.joinedAt ? lastMessage.createdAt : me.joinedAt
  const fresh = isUnread(view)
  return (
    <Link
      to="/app/chats/$conversationId"
      params={{ conversationId: String(view.id) }}
      data-inset-focus=""
      draggable={false}
      className="flex h-full items-center gap-3 rounded px-2.5 hover:bg-hover"
      activeProps={{ className: 'bg-selected hover:bg-selected', 'aria-current': 'page' }}
    >
      <Avatar
        id={conversation.peer?.id ?? view.id}
        name={name}
        size={density === 'compact' ? 'sm' : 'md'}
        kind={conversation.kind === 'group' ? 'group' : 'person'}
        presence={presence}
      />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <bdi className={classNames('one-line min-w-0 flex-1', fresh ? 'font-bold' : 'font-semibold')}>{name}</bdi>
          <time dateTime={at} title={times.exact(at)} className="tabular shrink-0 text-fine text-ink-muted">
            {times.brief(at)}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <span className="flex min-w-0 flex-1 gap-1 text-ink-muted text-meta">
            <Preview view={view} />
          </span>
          {view.refused > 0 ? (
            <StateGlyph progress="refused" />
          ) : view.waiting > 0 ? (
            <StateGlyph progress="waiting" />
          ) : null}
          <RowMarks view={view} />
        </span>
      </span>
    </Link>
  )
})

/** Pinned, muted, and how much is unread, or that it was marked so. */
function RowMarks({ view: { pinned, archived, muted, unread, markedUnread } }: { readonly view: ConversationView }) {
  const { t } = useLingui()
  const mark = { size: 14, strokeWidth: 1.75, className: 'shrink-0 text-ink-muted', role: 'img' } as const
  return (
    <>
      {pinned === null || archived ? null : <Pin {...mark} aria-label={t`Pinned`} />}
      {muted === null ? null : <BellOff {...mark} aria-label={t`Muted`} />}
      {unread === 0 && markedUnread ? (
        <span
          role="img"
          aria-label={t`Marked as unread`}
          data-forced-border=""
          className={classNames('size-3 shrink-0 rounded-full', muted === null ? 'bg-wax' : 'bg-line-strong')}
        />
      ) : null}
      <CountBadge
        count={unread}
        tone={muted === null ? 'calling' : 'quiet'}
        label={t({ message: plural(unread, { one: '# unread', other: '# unread' }) })}
      />
    </>
  )
}

/** What the second line says: who is typing, else what one was writing, else the last message. */
function Preview({ view }: { readonly view: ConversationView }) {
  const draft = useDraft(view.id)
  const { t } = useLingui()
  if (view.typing.length > 0)
    return <TypingWords typing={view.typing} among={view.conversation.kind === 'group' ? 'many' : 'two'} />
  if (draft && draft.text.trim() !== '') {
    return (
      <>
        <span className="shrink-0 font-medium text-wax-ink">{t`Draft:`}</span>{' '}
        <bdi className="one-line min-w-0">{oneLine(draft.text)}</bdi>
      </>
    )
  }
  if (view.membership === 'left') {
    return (
      <span className="truncate">
        <Trans>You are no longer in this chat.</Trans>
      </span>
    )
  }
  return <LastMessage view={view} />
}

function LastMessage({ view }: { readonly view: ConversationView }) {
  const { t } = useLingui()
  const me = useMe()
  const { lastMessage, kind } = view.conversation
  const author = usePerson(lastMessage?.authorId ?? null)
  const words = usePlainText((lastMessage && saidIn(lastMessage)) ?? '')
  if (!lastMessage) return <Trans>No messages yet</Trans>
  const own = lastMessage.authorId === me.id
  const by = own ? t`You` : kind === 'group' && author ? firstName(author.displayName) : null
  return (
    <>
      {by === null ? null : (
        <span className="flex max-w-[40%] shrink-0">
          <bdi className="one-line min-w-0">{by}</bdi>:{' '}
        </span>
      )}
      {lastMessage.body === null ? (
        <em className="truncate">{t`Message deleted`}</em>
      ) : (
        <bdi className="one-line min-w-0">{oneLine(words)}</bdi>
      )}
    </>
  )
}

function oneLine(text: string): string {
  return text.slice(0, 200).replace(/\s+/gu, ' ')
}
