/** What lies over the whole app and can be asked for from anywhere: by a key, a button or a command. One at a time. */
import type { AccountId, Attachment, ConversationId, Message } from '@recado/protocol'
import { useCallback } from 'react'
import { useApp } from './app-context.ts'
import type { Store } from './store.ts'

export type FrameOverlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'new-chat' }
  | { readonly kind: 'new-group' }
  | { readonly kind: 'sign-out' }
  | { readonly kind: 'viewer'; readonly files: readonly Attachment[]; readonly index: number }
  | { readonly kind: 'person'; readonly accountId: AccountId }
  /** `at`: the time that is being read there. */
  | { readonly kind: 'calendar'; readonly conversationId: ConversationId; readonly at?: string }
  | { readonly kind: 'forward' | 'react' | 'reactions' | 'versions'; readonly message: Message }

export type FrameOverlayStore = Store<FrameOverlay | null>

export function useShowOverlay(): (overlay: FrameOverlay) => void {
  const { overlay } = useApp()
  return useCallback(next => overlay.set(next), [overlay])
}
