import type { ConversationId } from '@recado/protocol'
import { useParams } from '@tanstack/react-router'
import { ConversationScreen } from './conversation-screen.tsx'
import { NoSuchConversation } from './no-such-conversation.tsx'

/** An id in the address is only digits; what it may show is decided by the server. */
export function parseConversationId(text: string): ConversationId | null {
  const id = Number(text)
  return Number.isSafeInteger(id) && id > 0 ? (id as ConversationId) : null
}

export function ConversationRoute() {
  const { conversationId } = useParams({ from: '/app/chats/$conversationId' })
  const id = parseConversationId(conversationId)
  return id === null ? <NoSuchConversation /> : <ConversationScreen key={id} id={id} />
}
