/** One conversation: its header, its messages, the composer, and on demand the details beside it. */
import type { ConversationId } from '@recado/protocol'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { MessageSkeletons } from '../../components/skeleton.tsx'
import { isKey } from '../../keys/match-key.ts'
import { lazyPart } from '../../parts/lazy-part.tsx'
import { useClient } from '../../state/app-context.ts'
import { useAttention } from '../../state/attention.ts'
import { type OpenConversation, useConversation } from '../../state/use-conversation.ts'
import { useLasting } from '../../state/use-lasting.ts'
import { useMedia } from '../../state/use-media.ts'
import { useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { PinBar } from '../message/pin-bar.tsx'
import { Composer } from './composer/composer.tsx'
import { type ComposerModel, useComposerModel } from './composer/composer-model.ts'
import { ConversationHeader } from './conversation-header.tsx'
import { type Desk, DeskContext } from './desk.ts'
import { useFileDrop } from './files/use-files.ts'
import { MessageList } from './message-list.tsx'
import { NoSuchConversation } from './no-such-conversation.tsx'
import { usePointer } from './use-pointer.ts'

const Details = lazyPart(() => import('../details/details.tsx').then(module => module.Details))

export function ConversationScreen({ id }: { readonly id: ConversationId }) {
  const open = useConversation(id)
  const { handle, snapshot } = open
  const absent = useAbsent(open)
  const { details = false } = useSearch({ from: '/app/chats/$conversationId' })
  const composer = useComposerModel(handle)
  const { pointedAt, jumpTo } = usePointer(open)
  const roomForDetails = useMedia('(min-width: 1200px)')
  const conversation = snapshot.view?.conversation ?? null
  useWatchedPresence(conversation?.peer ? [conversation.peer.id] : [])
  useMembers(open)
  useBellClearing(id)
  useSaved()
  const { startReply, startEdit } = composer
  const desk = useMemo<Desk>(
    () => ({ handle, conversation, pointedAt, startReply, startEdit, jumpTo }),
    [handle, conversation, pointedAt, startReply, startEdit, jumpTo],
  )

  if (absent) return <NoSuchConversation />
  return (
    <DeskContext value={desk}>
      <ConversationMain open={open} composer={composer} covered={details && !roomForDetails} />
      {details && conversation ? <Details open={open} /> : null}
    </DeskContext>
  )
}

/** What a link leads to may only just have been made: it is not there once it has not come for so long. */
const arrivalMs = 700

/** Whether this conversation is not there, or not for this account. */
function useAbsent({ snapshot }: OpenConversation): boolean {
  const known = useSnapshot(({ ready, connection }) => ready && connection.state === 'online' && connection.caughtUp)
  return useLasting(known && snapshot.view === null, arrivalMs)
}

/** The members of a group, for mentions and details; asked for again when the connection is back. */
function useMembers({ handle, snapshot }: OpenConversation): void {
  const online = useSnapshot(state => state.connection.state === 'online')
  const missing = snapshot.view?.conversation.kind === 'group' && snapshot.members === null
  useEffect(() => {
    if (online && missing) void handle.loadMembers()
  }, [handle, missing, online])
}

/** Which messages one saved, so that each can show it. */
function useSaved(): void {
  const client = useClient()
  useEffect(() => void client.loadSaved(), [client])
}

/** Whoever looks at a conversation has seen what the bell says about it. */
function useBellClearing(id: ConversationId): void {
  const client = useClient()
  const attentive = useAttention()
  const rings = useSnapshot(({ bell }) => bell.items.some(item => item.conversationId === id))
  const online = useSnapshot(state => state.connection.state === 'online')
  useEffect(() => {
    // A refusal leaves the lines in the bell, where they can be cleared again.
    if (attentive && rings && online) client.clearBell(id).catch(() => undefined)
  }, [attentive, client, id, online, rings])
}

interface ConversationMainProps {
  readonly open: OpenConversation
  readonly composer: ComposerModel
  /** Whether the details lie on top of it. */
  readonly covered: boolean
}

function ConversationMain({ open, composer, covered }: ConversationMainProps) {
  const { snapshot } = open
  const navigate = useNavigate()
  const { details } = useSearch({ from: '/app/chats/$conversationId' })
  const loading = useFirstLoading(open)
  const taking = useFileDrop(composer)
  const sent = useSyncExternalStore(composer.sent.subscribe, composer.sent.get)
  const onKeyDown = (event: KeyboardEvent) => {
    // What floats above is elsewhere in the document, but its keys arrive here too.
    const inside = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (!isKey(event.nativeEvent, 'stepBack') || event.defaultPrevented || !inside) return
    if (composer.stepBack()) return
    void navigate(details ? { to: '.', search: {}, replace: true } : { to: '/app/chats' })
  }
  return (
    <main inert={covered} className="flex min-w-0 flex-1 flex-col bg-paper" onKeyDown={onKeyDown} {...taking}>
      <ConversationHeader snapshot={snapshot} />
      {snapshot.pins && snapshot.pins.length > 0 ? <PinBar pins={snapshot.pins} /> : null}
      {loading ? <MessageSkeletons /> : <MessageList open={open} sent={sent} />}
      <Composer open={open} model={composer} />
    </main>
  )
}

/** Until there was something to show for the first time: later the list stays, also while other messages are fetched. */
function useFirstLoading({ snapshot }: OpenConversation): boolean {
  const [opened, setOpened] = useState(false)
  const loading = snapshot.items.length === 0 && (snapshot.loading.first || snapshot.view === null)
  if (!loading && !opened) setOpened(true)
  return loading && !opened
}
