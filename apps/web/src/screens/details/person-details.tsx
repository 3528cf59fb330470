import type { Conversation } from '@recado/protocol'
import { Avatar } from '../../components/avatar.tsx'
import { useConversationName } from '../../state/names.ts'
import { usePresence } from '../../state/use-snapshot.ts'
import { PresenceWords } from '../conversation/presence-words.tsx'

export function PersonDetails({ conversation }: { readonly conversation: Conversation }) {
  const name = useConversationName(conversation)
  const presence = usePresence(conversation.peer?.id ?? null)
  return (
    <div className="flex flex-col items-center gap-1 pt-4 text-center">
      <Avatar id={conversation.peer?.id ?? conversation.id} name={name} size="lg" presence={presence} />
      <p dir="auto" className="spoken mt-2 font-semibold text-title">
        {name}
      </p>
      {conversation.peer ? <bdi className="spoken text-ink-muted">@{conversation.peer.username}</bdi> : null}
      <p className="text-ink-muted text-meta">
        <PresenceWords conversation={conversation} />
      </p>
    </div>
  )
}
