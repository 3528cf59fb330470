import type { Person } from '@recado/protocol'
import { useNavigate } from '@tanstack/react-router'
import { useClient } from './app-context.ts'
import { useAttempt } from './use-attempt.ts'

/** Opens the direct conversation with a person, the one there is or a new one. */
export function useOpenDirect(onDone?: () => void): (person: Person) => void {
  const client = useClient()
  const navigate = useNavigate()
  const attempt = useAttempt()
  return person =>
    void attempt(async () => {
      // The one there is needs no server, so this works offline too.
      const known = client.getSnapshot().conversations.find(({ conversation }) => conversation.peer?.id === person.id)
      const { id } = known ?? (await client.openDirect(person.id))
      onDone?.()
      await navigate({ to: '/app/chats/$conversationId', params: { conversationId: String(id) } })
    })
}
