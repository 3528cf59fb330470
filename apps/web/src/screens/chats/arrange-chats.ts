/** Which chats the list shows, in which order: pure, so that it can be told without a screen. */
import type { ConversationView } from '@recado/client'
import type { ConversationId } from '@recado/protocol'

export type ChatFilter = 'all' | 'unread' | 'groups' | 'mentions'

/** The inbox, or what was put away. */
export type ChatPlace = 'inbox' | 'archive'

export interface Arrangement {
  readonly place: ChatPlace
  readonly filter: ChatFilter
  /** Chats in which somebody named the reader and that was not seen yet. */
  readonly mentioned: ReadonlySet<ConversationId>
  /** What the search field wants; null for anything. */
  readonly matches: ((view: ConversationView) => boolean) | null
}

/** As the list shows them to begin with. */
export const everyChat: Arrangement = { place: 'inbox', filter: 'all', mentioned: new Set(), matches: null }

export interface ArrangedChats {
  readonly pinned: readonly ConversationView[]
  readonly others: readonly ConversationView[]
  /** Put away, whatever the filter; those with something unread among them. */
  readonly archived: number
  readonly archivedUnread: number
}

/** `views` come most recent first. Looking for a name finds what was put away too. */
export function arrangeChats(views: readonly ConversationView[], wanted: Arrangement): ArrangedChats {
  const pinned: ConversationView[] = []
  const others: ConversationView[] = []
  let archived = 0
  let archivedUnread = 0
  for (const view of views) {
    if (view.archived) {
      archived += 1
      if (isUnread(view)) archivedUnread += 1
    }
    if (wanted.matches ? !wanted.matches(view) : view.archived !== (wanted.place === 'archive')) continue
    if (!passes(view, wanted)) continue
    if (view.pinned !== null && !view.archived) pinned.push(view)
    else others.push(view)
  }
  pinned.sort((a, b) => (a.pinned ?? 0) - (b.pinned ?? 0) || a.id - b.id)
  return { pinned, others, archived, archivedUnread }
}

export function isUnread({ unread, markedUnread }: ConversationView): boolean {
  return unread > 0 || markedUnread
}

function passes(view: ConversationView, { filter, mentioned }: Arrangement): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'unread':
      return isUnread(view)
    case 'groups':
      return view.conversation.kind === 'group'
    case 'mentions':
      return mentioned.has(view.id)
  }
}

/** Before which pinned chat one goes that moves a step up or down; undefined where there is no such step. */
export function stepBefore(
  pinned: readonly ConversationView[],
  id: ConversationId,
  step: 1 | -1,
): ConversationId | null | undefined {
  const index = pinned.findIndex(view => view.id === id)
  if (index < 0 || !pinned[index + step]) return undefined
  return step === -1 ? pinned[index - 1]?.id : (pinned[index + 2]?.id ?? null)
}
