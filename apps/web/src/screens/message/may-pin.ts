import type { Conversation } from '@recado/protocol'

/** Either person of a direct chat; in a group those who run it. */
export function mayPin(conversation: Conversation | null): boolean {
  if (!conversation) return false
  return conversation.kind === 'direct' || conversation.me.role !== 'member'
}
