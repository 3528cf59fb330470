import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import { Link } from '@tanstack/react-router'
import { ArrowLeft, Bookmark, Search, SquarePen, TextSearch } from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { IconButton, iconButtonClass } from '../../components/icon-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { isKey } from '../../keys/match-key.ts'
import { conversationKey } from '../../state/deferrals.ts'
import { fold } from '../../state/fold.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useHidden } from '../../state/use-conversation.ts'
import { useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { ConnectionMark } from '../frame/connection-mark.tsx'
import { useStorageWords } from '../frame/use-storage-words.ts'
import { OnlineStrip } from '../people/online-strip.tsx'
import { type ArrangedChats, arrangeChats, type ChatFilter, type ChatPlace } from './arrange-chats.ts'
import { ChatRows } from './chat-rows.tsx'
import { FilterBar } from './filter-bar.tsx'

/** So many of the newest direct chats show presence without being opened; the protocol allows 500 in all. */
const watchedPeers = 200

export function ChatList() {
  const show = useShowOverlay()
  const write = () => show({ kind: 'new-chat' })
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<ChatFilter>('all')
  const [place, setPlace] = useState<ChatPlace>('inbox')
  const ready = useSnapshot(snapshot => snapshot.ready)
  const chats = useShownChats({ place, filter, query })
  const inArchive = place === 'archive' && query.trim() === ''
  return (
    <>
      <ListHeader place={inArchive ? 'archive' : 'inbox'} onPlace={setPlace} />
      <ListSearch value={query} onChange={setQuery} />
      <FilterBar value={filter} onChange={setFilter} />
      <ConnectionMark shape="line" />
      {inArchive ? null : <OnlineStrip />}
      <StorageNotice />
      {ready ? (
        <ListBody
          chats={chats}
          place={inArchive ? 'archive' : 'inbox'}
          filter={filter}
          query={query}
          onWrite={write}
          onArchive={() => setPlace('archive')}
        />
      ) : (
        <RowSkeletons count={8} />
      )}
    </>
  )
}

interface ListHeaderProps {
  readonly place: ChatPlace
  readonly onPlace: (place: ChatPlace) => void
}

/** Drawn once, whatever is shown below it. */
const ListHeader = memo(function ListHeader({ place, onPlace }: ListHeaderProps) {
  const { t } = useLingui()
  const show = useShowOverlay()
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2">
      {place === 'archive' ? (
        <IconButton icon={ArrowLeft} label={t`Back to the chats`} className="-ms-2" onClick={() => onPlace('inbox')} />
      ) : null}
      <h1 className="flex-1 font-semibold text-title">
        {place === 'archive' ? <Trans>Archived</Trans> : <Trans>Chats</Trans>}
      </h1>
      <IconButton icon={TextSearch} label={t`Find anything, do anything`} onClick={() => show({ kind: 'palette' })} />
      <Link to="/app/saved" aria-label={t`Saved messages`} title={t`Saved messages`} className={iconButtonClass}>
        <Bookmark size={20} strokeWidth={1.75} aria-hidden="true" />
      </Link>
      <IconButton icon={SquarePen} label={t`New chat`} onClick={() => show({ kind: 'new-chat' })} />
    </header>
  )
})

interface ShownInput {
  readonly place: ChatPlace
  readonly filter: ChatFilter
  readonly query: string
}

function useShownChats({ place, filter, query }: ShownInput): ArrangedChats {
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const bell = useSnapshot(snapshot => snapshot.bell.items)
  const hidden = useHidden()
  const peers = useMemo(
    () => conversations.flatMap(view => (view.conversation.peer ? [view.conversation.peer.id] : [])),
    [conversations],
  )
  useWatchedPresence(peers.slice(0, watchedPeers))
  return useMemo(() => {
    const wanted = fold(query)
    const mentioned = new Set(bell.filter(item => item.kind !== 'invitation').map(item => item.conversationId))
    const matches = ({ conversation }: ConversationView) => {
      const names = [conversation.name, conversation.peer?.displayName, conversation.peer?.username]
      return names.some(name => name && fold(name).includes(wanted))
    }
    const shown = conversations.filter(({ id }) => !hidden.has(conversationKey(id)))
    return arrangeChats(shown, { place, filter, mentioned, matches: wanted === '' ? null : matches })
  }, [bell, conversations, filter, hidden, place, query])
}

interface ListBodyProps {
  readonly chats: ArrangedChats
  readonly place: ChatPlace
  readonly filter: ChatFilter
  readonly query: string
  readonly onWrite: () => void
  readonly onArchive: () => void
}

function ListBody({ chats, place, filter, query, onWrite, onArchive }: ListBodyProps) {
  const { pinned, others, archived } = chats
  const hasArchive = place === 'inbox' && filter === 'all' && query.trim() === '' && archived > 0
  if (pinned.length > 0 || others.length > 0 || hasArchive) {
    return <ChatRows chats={chats} onArchive={hasArchive ? onArchive : null} />
  }
  if (query.trim() !== '' || filter !== 'all' || place === 'archive') {
    return (
      <EmptyState>
        <NothingShown place={place} filter={filter} query={query} />
      </EmptyState>
    )
  }
  return (
    <EmptyState
      action={
        <Button tone="primary" onClick={onWrite}>
          <Trans>Write to somebody</Trans>
        </Button>
      }
    >
      <Trans>Nobody has left you a message yet. Leave the first one.</Trans>
    </EmptyState>
  )
}

function NothingShown({ place, filter, query }: Pick<ListBodyProps, 'place' | 'filter' | 'query'>) {
  if (query.trim() !== '') return <Trans>No chat has this name.</Trans>
  if (filter === 'unread') return <Trans>You have read everything.</Trans>
  if (filter === 'mentions') return <Trans>Nobody is waiting for you by name.</Trans>
  if (filter === 'groups') return <Trans>You are in no group here.</Trans>
  return place === 'archive' ? <Trans>Nothing is archived.</Trans> : null
}

function ListSearch({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useLingui()
  return (
    <div className="relative mx-3 mb-2 shrink-0">
      <Search
        size={17}
        strokeWidth={1.75}
        className="-translate-y-1/2 pointer-events-none absolute start-3 top-1/2 text-ink-muted"
        aria-hidden="true"
      />
      <input
        type="search"
        dir="auto"
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          const { currentTarget, nativeEvent } = event
          if (isKey(nativeEvent, 'stepBack')) return onChange('')
          const first = currentTarget.closest('section')?.querySelector<HTMLElement>('[data-chat] a')
          if (isKey(nativeEvent, 'rowBelow')) {
            event.preventDefault()
            first?.focus()
          } else if (isKey(nativeEvent, 'choose') && value && !nativeEvent.isComposing) first?.click()
        }}
        aria-label={t`Find a chat`}
        placeholder={t`Find a chat`}
        className="min-h-11 w-full rounded border border-transparent bg-hover ps-9 pe-2 placeholder:text-ink-muted focus:border-wax focus:bg-surface focus:outline-none md:pointer-fine:min-h-9"
      />
    </div>
  )
}

function StorageNotice() {
  const words = useStorageWords()
  if (words === null) return null
  return (
    <div className="px-3 pb-2">
      <Notice tone="info">{words}</Notice>
    </div>
  )
}
