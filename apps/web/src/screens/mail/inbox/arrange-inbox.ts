/** Chats and mails in one list, newest first. */
import type { ConversationView } from '@recado/client'
import { isUnread } from '../../chats/arrange-chats.ts'
import type { MailGroup } from '../group-mails.ts'

export type InboxFilter = 'all' | 'unread' | 'mail' | 'chats' | 'mentions'

export type InboxRow =
  | { readonly kind: 'chat'; readonly key: string; readonly at: string; readonly view: ConversationView }
  | { readonly kind: 'mail'; readonly key: string; readonly at: string; readonly group: MailGroup }

interface InboxInput {
  readonly conversations: readonly ConversationView[]
  readonly groups: readonly MailGroup[]
  /** Whether there are older mails that are not loaded. */
  readonly hasOlder: boolean
  readonly filter: InboxFilter
  /** Conversations in which somebody named one. */
  readonly mentioned: ReadonlySet<number>
}

export function arrangeInbox({ conversations, groups, hasOlder, filter, mentioned }: InboxInput): readonly InboxRow[] {
  const mails = filter === 'chats' || filter === 'mentions' ? [] : groups.map(toMailRow)
  const chats = filter === 'mail' ? [] : conversations.filter(({ archived }) => !archived).map(toChatRow)
  // Below the oldest mail that is loaded, chats would stand in the place of mails that are not.
  const known = mails.length > 0 && hasOlder ? (mails.at(-1)?.at ?? '') : ''
  return [...mails, ...chats.filter(({ at }) => at >= known)]
    .filter(row => matches(row, filter, mentioned))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

function matches(row: InboxRow, filter: InboxFilter, mentioned: ReadonlySet<number>): boolean {
  if (filter === 'unread') return row.kind === 'chat' ? isUnread(row.view) : row.group.unread
  if (filter === 'mentions') return row.kind === 'chat' && mentioned.has(row.view.id)
  return true
}

function toMailRow(group: MailGroup): InboxRow {
  return { kind: 'mail', key: `mail ${group.threadId}`, at: group.newest.entry.at, group }
}

function toChatRow(view: ConversationView): InboxRow {
  const { lastMessage, me } = view.conversation
  const at = lastMessage && lastMessage.createdAt > me.joinedAt ? lastMessage.createdAt : me.joinedAt
  return { kind: 'chat', key: `chat ${view.id}`, at, view }
}
