import { formatNumber, parseNumber } from '../access/place.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

const defaultLimit = 50

export const threadGet = handle('thread.get', async ({ store }, input, { accountId }) => {
  const { threadId, next, limit = defaultLimit } = input
  const items = await store.mail.readThread(accountId, threadId, parseNumber(next), limit)
  if (items.length === 0 && next === undefined) refuse('not-found')
  return { items: [...items], next: formatNumber(items.length === limit ? items.at(-1)?.id : undefined) }
})
