import { Trans, useLingui } from '@lingui/react/macro'
import type { ConversationView } from '@recado/client'
import { Search, SquarePen, TextSearch } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { RowSkeletons } from '../../components/skeleton.tsx'
import { conversationKey } from '../../state/deferrals.ts'
import { fold } from '../../state/fold.ts'
import { useShowOverlay } from '../../state/frame-overlay.ts'
import { useHidden } from '../../state/use-conversation.ts'
import { useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { ConnectionMark } from '../frame/connection-mark.tsx'
import { OnlineStrip } from '../people/online-strip.tsx'
import { ChatRows } from './chat-rows.tsx'

/** So many of the newest direct chats show presence without being opened; the protocol allows 500 in all. */
const watchedPeers = 200

export function ChatList() {
  const { t } = useLingui()
  const show = useShowOverlay()
  const write = () => show({ kind: 'new-chat' })
  const [query, setQuery] = useState('')
  const ready = useSnapshot(snapshot => snapshot.ready)
  const shown = useShownConversations(query)
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-1 ps-4 pe-2">
        <h1 className="flex-1 font-semibold text-title">
          <Trans>Chats</Trans>
        </h1>
        <IconButton icon={TextSearch} label={t`Find anything, do anything`} onClick={() => show({ kind: 'palette' })} />
        <IconButton icon={SquarePen} label={t`New chat`} onClick={write} />
      </header>
      <ListSearch value={query} onChange={setQuery} />
      <ConnectionMark shape="line" />
      <OnlineStrip />
      <StorageNotice />
      {ready ? <ListBody shown={shown} query={query} onWrite={write} /> : <RowSkeletons count={8} />}
    </>
  )
}

function useShownConversations(query: string): readonly ConversationView[] {
  const conversations = useSnapshot(snapshot => snapshot.conversations)
  const hidden = useHidden()
  const peers = useMemo(
    () => conversations.flatMap(view => (view.conversation.peer ? [view.conversation.peer.id] : [])),
    [conversations],
  )
  useWatchedPresence(peers.slice(0, watchedPeers))
  return useMemo(() => {
    const wanted = fold(query)
    return conversations.filter(({ id, conversation }) => {
      if (hidden.has(conversationKey(id))) return false
      if (wanted === '') return true
      const names = [conversation.name, conversation.peer?.displayName, conversation.peer?.username]
      return names.some(name => name && fold(name).includes(wanted))
    })
  }, [conversations, hidden, query])
}

interface ListBodyProps {
  readonly shown: readonly ConversationView[]
  readonly query: string
  readonly onWrite: () => void
}

function ListBody({ shown, query, onWrite }: ListBodyProps) {
  if (shown.length > 0) return <ChatRows views={shown} />
  if (query.trim() !== '') {
    return (
      <EmptyState>
        <Trans>No chat has this name.</Trans>
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
        onKeyDown={event => (event.key === 'Escape' ? onChange('') : undefined)}
        aria-label={t`Find a chat`}
        placeholder={t`Find a chat`}
        className="min-h-11 w-full rounded border border-transparent bg-hover ps-9 pe-2 placeholder:text-ink-muted focus:border-wax focus:bg-surface focus:outline-none md:pointer-fine:min-h-9"
      />
    </div>
  )
}

function StorageNotice() {
  const memory = useSnapshot(snapshot => snapshot.storage === 'memory')
  if (!memory) return null
  return (
    <div className="px-3 pb-2">
      <Notice tone="info">
        <Trans>
          This browser does not let Recado store anything. Messages that wait to be sent are lost if you close it.
        </Trans>
      </Notice>
    </div>
  )
}
