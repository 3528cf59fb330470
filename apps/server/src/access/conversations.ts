import type { AccountId, Conversation, ConversationId } from '@recado/protocol'
import { isoTime } from '../clock.ts'
import { refuse } from '../problem.ts'
import type { ConversationView, Store } from '../store/store.ts'

/** A conversation as this member sees it. Raises `not-found`. */
export async function requireConversation(
  store: Pick<Store, 'findConversationView'>,
  conversationId: ConversationId,
  accountId: AccountId,
): Promise<Conversation> {
  return presentConversation((await store.findConversationView(conversationId, accountId)) ?? refuse('not-found'))
}

export function presentConversation({ createdMicros, ...view }: ConversationView): Conversation {
  return { ...view, createdAt: isoTime(createdMicros) }
}
