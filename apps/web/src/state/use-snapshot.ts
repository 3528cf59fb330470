import type { ClientSnapshot, ConversationView } from '@recado/client'
import type { Account, AccountId, ConversationId, Person, PresenceState } from '@recado/protocol'
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import { useApp, useClient } from './app-context.ts'
import type { Draft } from './drafts.ts'
import type { Preferences } from './preferences.ts'

/**
 * A part of the client's state. `select` must return a part that stays the same object while nothing in it changed (the
 * snapshot's own parts do) or a primitive; a freshly built object would render for ever.
 */
export function useSnapshot<Part>(select: (snapshot: ClientSnapshot) => Part): Part {
  const client = useClient()
  return useSyncExternalStore(client.subscribe, () => select(client.getSnapshot()))
}

/**
 * The account that the frame was rendered for. It is handed down, not read from the snapshot: a screen that renders while
 * the session ends, before the frame has left, must not find nobody there.
 */
export const MeContext = createContext<Account | null>(null)

/** The signed-in account. Only screens behind the sign-in ask. */
export function useMe(): Account {
  const me = useContext(MeContext)
  if (!me) throw new Error('A screen behind the sign-in was rendered outside of the frame.')
  return me
}

export function useConversationView(id: ConversationId): ConversationView | null {
  return useSnapshot(snapshot => snapshot.conversations.find(view => view.id === id) ?? null)
}

export function usePerson(id: AccountId | null): Person | null {
  const client = useClient()
  const person = useSnapshot(snapshot => (id === null ? null : (snapshot.people.get(id) ?? null)))
  const missing = id !== null && person === null
  useEffect(() => {
    if (missing) client.wantPeople([id])
  }, [client, id, missing])
  return person
}

export function usePeople(): ReadonlyMap<AccountId, Person> {
  return useSnapshot(snapshot => snapshot.people)
}

export function usePresence(id: AccountId | null): PresenceState | null {
  return useSnapshot(snapshot => (id === null ? null : (snapshot.presence.get(id)?.state ?? null)))
}

/** Keeps the presence of these people current while mounted; `ids` may be a new array each time. */
export function useWatchedPresence(ids: readonly AccountId[]): void {
  const client = useClient()
  const joined = ids.join(',')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the joined ids stand for the array.
  useEffect(() => (ids.length > 0 ? client.watchPresence(ids) : undefined), [client, joined])
}

export function usePreferences(): Preferences {
  const { preferences } = useApp()
  return useSyncExternalStore(preferences.subscribe, preferences.get)
}

export function useDraft(conversation: ConversationId): Draft | null {
  const { drafts } = useApp()
  const { id } = useMe()
  return useSyncExternalStore(drafts.subscribe, () => drafts.find(id, conversation))
}
