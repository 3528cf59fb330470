import { useLingui } from '@lingui/react/macro'
import type { Conversation } from '@recado/protocol'
import { useMe } from './use-snapshot.ts'

/** What a conversation is called on screen: a group's name, or the other person's. */
export function useConversationName(conversation: Conversation | null): string {
  const { t } = useLingui()
  if (!conversation) return t`a conversation`
  return conversation.name ?? conversation.peer?.displayName ?? t`A conversation with nobody`
}

/** The name of an author: one's own is "You". */
export function useAuthorName(authorId: number, displayName: string | null): string {
  const { t } = useLingui()
  const me = useMe()
  if (authorId === me.id) return t`You`
  return displayName ?? t`Somebody`
}

/** The same for conversations that are chosen later. */
export function useConversationNames(): (conversation: Conversation) => string {
  const { t } = useLingui()
  return ({ name, peer }) => name ?? peer?.displayName ?? t`A conversation with nobody`
}

/** The first word of a name, for where there is no room: right for most names, and never more than the name. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name
}
