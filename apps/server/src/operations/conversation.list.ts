import { limits } from '@recado/protocol'
import { presentConversation } from '../access/conversations.ts'
import { formatPlace, parsePlace } from '../access/place.ts'
import { handle } from './handler.ts'

export const conversationList = handle('conversation.list', async (context, input, { accountId }) => {
  const { limit = limits.pageSize, next } = input
  const place = parsePlace(next)
  const views = await context.store.listConversations(
    accountId,
    place === null ? null : { micros: place[0], id: place[1] },
    limit,
  )
  const last = views.at(-1)
  return {
    items: views.map(presentConversation),
    next: views.length === limit && last !== undefined ? formatPlace(last.head.micros, last.id) : null,
  }
})
