import type { ConversationView } from '@recado/client'

/** Whether a conversation neither calls nor counts. */
export function isMuted({ muted }: ConversationView): boolean {
  return muted !== null
}
