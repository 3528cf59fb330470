import type { ConversationView } from '@recado/client'

/** Whether a conversation neither calls nor counts. */
export function isMuted(_view: ConversationView): boolean {
  return false
}
