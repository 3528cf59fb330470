import type { ConversationView } from '@recado/client'
import { describe, expect, it } from 'vitest'
import type { MailGroup } from '../group-mails.ts'
import { arrangeInbox, type InboxFilter } from './arrange-inbox.ts'

function chat(id: number, at: string, rest: object = {}): ConversationView {
  const conversation = { lastMessage: { createdAt: at }, me: { joinedAt: '2026-01-01' } }
  return { id, conversation, archived: false, unread: 0, markedUnread: false, ...rest } as unknown as ConversationView
}

function mail(threadId: number, at: string, unread = false): MailGroup {
  return { threadId, newest: { entry: { at } }, unread } as unknown as MailGroup
}

const conversations = [
  chat(1, '2026-05-09', { unread: 2 }),
  chat(2, '2026-05-05'),
  chat(3, '2026-05-01'),
  chat(4, '2026-05-08', { archived: true }),
]
const groups = [mail(1, '2026-05-07', true), mail(2, '2026-05-03')]
const mentioned = new Set([2])

const arranged = (filter: InboxFilter, hasOlder = false) =>
  arrangeInbox({ conversations, groups, hasOlder, filter, mentioned }).map(({ key }) => key)

describe('arrangeInbox', () => {
  it('puts chats and mails together, newest first, without what is archived', () => {
    expect(arranged('all')).toEqual(['chat 1', 'mail 1', 'chat 2', 'mail 2', 'chat 3'])
  })

  it('shows no chat below the oldest mail that is loaded while there are older ones', () => {
    expect(arranged('all', true)).toEqual(['chat 1', 'mail 1', 'chat 2', 'mail 2'])
    expect(arranged('chats', true)).toEqual(['chat 1', 'chat 2', 'chat 3'])
  })

  it('narrows to what is unread, of one kind, or names one', () => {
    expect(arranged('unread')).toEqual(['chat 1', 'mail 1'])
    expect(arranged('mail')).toEqual(['mail 1', 'mail 2'])
    expect(arranged('mentions')).toEqual(['chat 2'])
  })
})
