import type { ConversationView } from '@recado/client'

/** Whether a conversation neither calls nor counts. */
export function isMuted(view: Pick<ConversationView, 'muted'>): boolean {
  return view.muted !== null
}
