import type { ConversationHandle, ConversationSnapshot } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { useMemo, useSyncExternalStore } from 'react'
import { useApp, useClient } from './app-context.ts'

export interface OpenConversation {
  readonly handle: ConversationHandle
  readonly snapshot: ConversationSnapshot
}

/** Opens a conversation for as long as the caller is mounted. */
export function useConversation(id: ConversationId): OpenConversation {
  const client = useClient()
  const handle = useMemo(() => client.conversation(id), [client, id])
  const snapshot = useSyncExternalStore(
    useMemo(() => listener => handle.subscribe(listener), [handle]),
    () => handle.getSnapshot(),
  )
  return useMemo(() => ({ handle, snapshot }), [handle, snapshot])
}

/** What is hidden while its deletion or leaving can be undone: `messageKey` and `conversationKey`. */
export function useHidden(): ReadonlySet<string> {
  const { deferrals } = useApp()
  return useSyncExternalStore(deferrals.hidden.subscribe, deferrals.hidden.get)
}
