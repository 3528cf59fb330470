/** What one saved for oneself, last saved first. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { SavedItem } from '@recado/client'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, BookmarkX } from 'lucide-react'
import { useEffect } from 'react'
import { EmptyState } from '../../components/empty-state.tsx'
import { IconButton, iconButtonClass } from '../../components/icon-button.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { useTimes } from '../../i18n/use-times.ts'
import { useClient } from '../../state/app-context.ts'
import { useAuthorName, useConversationName } from '../../state/names.ts'
import { useAttempt } from '../../state/use-attempt.ts'
import { useConversationView, usePerson, useSnapshot } from '../../state/use-snapshot.ts'
import { usePlainText } from '../conversation/body/use-plain-text.ts'
import { saidIn } from '../conversation/files/said.ts'

export function SavedScreen() {
  const { t } = useLingui()
  const client = useClient()
  const { state, items } = useSnapshot(snapshot => snapshot.saved)
  useEffect(() => void client.loadSaved(), [client])
  const loading = items.length === 0 && state !== 'known'
  return (
    <main className="flex min-w-0 flex-1 flex-col overflow-y-auto bg-paper">
      <header className="sticky top-0 z-10 flex h-14 shrink-0 items-center gap-1 border-line border-b bg-paper ps-1 pe-4">
        <Link to="/app/chats" aria-label={t`Back to the chats`} className={iconButtonClass}>
          <ArrowLeft size={20} strokeWidth={1.75} className="rtl:rotate-180" aria-hidden="true" />
        </Link>
        <h1 className="font-semibold text-title">
          <Trans>Saved messages</Trans>
        </h1>
      </header>
      {loading ? <RowSkeletons count={6} /> : null}
      {!loading && items.length === 0 ? (
        <EmptyState>
          <Trans>What you save is kept here for you alone. Choose “Save” in the menu of a message.</Trans>
        </EmptyState>
      ) : null}
      <ul className="mx-auto w-full max-w-[44rem] px-2 py-2 md:px-4">
        {items.map(item => (
          <SavedRow key={item.messageId} item={item} />
        ))}
      </ul>
    </main>
  )
}

function SavedRow({ item }: { readonly item: SavedItem }) {
  const { t } = useLingui()
  const client = useClient()
  const attempt = useAttempt()
  const { conversationId, sequence, message } = item
  const remove = () => void attempt(() => client.unsaveMessage(conversationId, sequence))
  return (
    <li className="flex items-start gap-1 border-line border-b py-1 last:border-b-0">
      {message ? (
        <Link
          to="/app/chats/$conversationId"
          params={{ conversationId: String(conversationId) }}
          search={{ at: sequence }}
          className="min-w-0 flex-1 rounded px-3 py-2.5 hover:bg-hover"
        >
          <Content item={item} message={message} />
        </Link>
      ) : (
        <p className="min-w-0 flex-1 px-3 py-4 text-ink-muted italic">
          {message === null ? <Trans>A message that you can no longer see</Trans> : '…'}
        </p>
      )}
      <IconButton icon={BookmarkX} label={t`Remove from saved`} onClick={remove} className="mt-1" />
    </li>
  )
}

interface ContentProps {
  readonly item: SavedItem
  readonly message: NonNullable<SavedItem['message']>
}

function Content({ item, message }: ContentProps) {
  const times = useTimes()
  const author = usePerson(message.authorId)
  const name = useAuthorName(message.authorId, author?.displayName ?? null)
  const view = useConversationView(item.conversationId)
  const place = useConversationName(view?.conversation ?? null)
  const words = usePlainText(saidIn(message) ?? '')
  return (
    <>
      <span className="flex items-baseline gap-2">
        <bdi dir="auto" className="min-w-0 truncate font-semibold">
          {name}
        </bdi>
        <bdi dir="auto" className="min-w-0 flex-1 truncate text-ink-muted text-meta">
          {place === name ? null : place}
        </bdi>
        <time
          dateTime={message.createdAt}
          title={times.exact(message.createdAt)}
          className="tabular shrink-0 text-fine text-ink-muted"
        >
          {times.brief(message.createdAt)}
        </time>
      </span>
      <span dir="auto" className="spoken mt-0.5 line-clamp-4 whitespace-pre-wrap break-words">
        {message.body === null ? (
          <span className="text-ink-muted italic">
            <Trans>Message deleted</Trans>
          </span>
        ) : (
          words
        )}
      </span>
    </>
  )
}
