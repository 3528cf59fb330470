/** One conversation: its header, its messages, the composer, and on demand the details beside it. */
import type { ConversationId } from '@recado/protocol'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { MessageSkeletons } from '../../components/skeleton.tsx'
import { type OpenConversation, useConversation } from '../../state/use-conversation.ts'
import { useMedia } from '../../state/use-media.ts'
import { useSnapshot, useWatchedPresence } from '../../state/use-snapshot.ts'
import { Composer } from './composer.tsx'
import { ConversationHeader } from './conversation-header.tsx'
import { type Desk, DeskContext } from './desk.ts'
import { MessageList } from './message-list.tsx'
import { NoSuchConversation } from './no-such-conversation.tsx'
import { type ComposerControl, useComposer } from './use-composer.ts'

const Details = lazy(() => import('../details/details.tsx').then(module => ({ default: module.Details })))

export function ConversationScreen({ id }: { readonly id: ConversationId }) {
  const open = useConversation(id)
  const { handle, snapshot } = open
  const ready = useSnapshot(state => state.ready)
  const { details = false } = useSearch({ from: '/app/chats/$conversationId' })
  const composer = useComposer(open)
  const { pointedAt, jumpTo } = usePointer(open)
  const roomForDetails = useMedia('(min-width: 1200px)')
  const conversation = snapshot.view?.conversation ?? null
  useWatchedPresence(conversation?.peer ? [conversation.peer.id] : [])
  useEffect(() => {
    if (conversation?.kind === 'group') void handle.loadMembers()
  }, [handle, conversation?.kind])
  const { startReply, startEdit } = composer
  const desk = useMemo<Desk>(
    () => ({ handle, conversation, pointedAt, startReply, startEdit, jumpTo }),
    [handle, conversation, pointedAt, startReply, startEdit, jumpTo],
  )

  if (!snapshot.view && ready && snapshot.problem?.code === 'not-found') return <NoSuchConversation />
  return (
    <DeskContext value={desk}>
      <ConversationMain open={open} composer={composer} covered={details && !roomForDetails} />
      {details && conversation ? (
        <Suspense>
          <Details open={open} />
        </Suspense>
      ) : null}
    </DeskContext>
  )
}

interface ConversationMainProps {
  readonly open: OpenConversation
  readonly composer: ComposerControl
  /** Whether the details lie on top of it. */
  readonly covered: boolean
}

function ConversationMain({ open, composer, covered }: ConversationMainProps) {
  const { snapshot } = open
  const navigate = useNavigate()
  const main = useRef<HTMLElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    if (composer.stepBack()) return
    void navigate({ to: '/app/chats' })
  }
  return (
    <main ref={main} inert={covered} className="flex min-w-0 flex-1 flex-col bg-paper" onKeyDown={onKeyDown}>
      <ConversationHeader snapshot={snapshot} />
      {snapshot.loading.first && snapshot.items.length === 0 ? (
        <MessageSkeletons />
      ) : (
        <MessageList open={open} sent={composer.sent} />
      )}
      <Composer open={open} control={composer} />
    </main>
  )
}

/** Shows the message that the address or a quote points at, and lets it glow for a moment. */
function usePointer({ handle, snapshot }: OpenConversation) {
  const { at } = useSearch({ from: '/app/chats/$conversationId' })
  const [pointedAt, setPointedAt] = useState<number | null>(null)
  const items = useRef(snapshot.items)
  items.current = snapshot.items
  const jumpTo = useMemo(
    () => (sequence: number) => {
      const loaded = items.current.some(item => item.type === 'message' && item.message.sequence === sequence)
      setPointedAt(null)
      void (loaded ? Promise.resolve() : handle.jumpTo(sequence)).then(() => setPointedAt(sequence))
    },
    [handle],
  )
  useEffect(() => {
    if (at !== undefined) jumpTo(at)
  }, [at, jumpTo])
  return { pointedAt, jumpTo }
}
