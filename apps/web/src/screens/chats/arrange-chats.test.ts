import type { ConversationView } from '@recado/client'
import type { ConversationId } from '@recado/protocol'
import { expect, it } from 'vitest'
import { type Arrangement, arrangeChats, stepBefore } from './arrange-chats.ts'

function view(id: number, more: Partial<ConversationView> & { readonly kind?: 'group' } = {}): ConversationView {
  const { kind = 'direct', ...rest } = more
  const base = { unread: 0, pinned: null, archived: false, markedUnread: false, conversation: { kind } }
  return { ...base, id, ...rest } as unknown as ConversationView
}

const all: Arrangement = { place: 'inbox', filter: 'all', mentioned: new Set(), matches: null }
const ids = (views: readonly ConversationView[]) => views.map(({ id }) => id as number)

it('C2: pinned come first in their own order, the others stay most recent first, what is put away is elsewhere', () => {
  const views = [
    view(1),
    view(2, { pinned: 9 }),
    view(3, { archived: true, unread: 2 }),
    view(4, { pinned: -4 }),
    view(5),
  ]
  const { pinned, others, archived, archivedUnread } = arrangeChats(views, all)
  expect([ids(pinned), ids(others), archived, archivedUnread]).toEqual([[4, 2], [1, 5], 1, 1])
  const away = arrangeChats(views, { ...all, place: 'archive' })
  expect([ids(away.pinned), ids(away.others)]).toEqual([[], [3]])
})

it('C2: filters keep what is unread or marked so, groups, and chats that name the reader', () => {
  const views = [view(1, { unread: 1 }), view(2, { markedUnread: true }), view(3, { kind: 'group' }), view(4)]
  const shown = (wanted: Partial<Arrangement>) => ids(arrangeChats(views, { ...all, ...wanted }).others)
  expect(shown({ filter: 'unread' })).toEqual([1, 2])
  expect(shown({ filter: 'groups' })).toEqual([3])
  expect(shown({ filter: 'mentions', mentioned: new Set([4 as ConversationId]) })).toEqual([4])
})

it('looking for a name finds what was put away too', () => {
  const views = [view(1), view(2, { archived: true, pinned: 1 })]
  expect(ids(arrangeChats(views, { ...all, matches: ({ id }) => id === 2 }).others)).toEqual([2])
})

it('a step up or down among the pinned says before whom, and there is none beyond the ends', () => {
  const pinned = [view(1, { pinned: 1 }), view(2, { pinned: 2 }), view(3, { pinned: 3 })]
  const step = (id: number, by: 1 | -1) => stepBefore(pinned, id as ConversationId, by)
  expect([step(1, -1), step(2, -1), step(3, -1)]).toEqual([undefined, 1, 2])
  expect([step(1, 1), step(2, 1), step(3, 1), step(9, 1)]).toEqual([3, null, undefined, undefined])
})
