import { limits } from '@recado/protocol'
import { formatNumber, parseNumber } from '../access/place.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

/** Of a mail that was released; statuses are its author's alone (L8). */
export const deliveryList = handle('delivery.list', async ({ store }, input, { accountId }) => {
  const { mailId, above = 0, next, limit = limits.pageSize } = input
  // Before the rows: what changes in between has a higher version than the one that is answered.
  const [known] = await store.mail.readStatuses([mailId])
  if (known?.authorId !== accountId) refuse('not-found')
  const items = await store.mail.listDeliveries({ mailId, viewer: accountId, above, after: parseNumber(next), limit })
  return {
    items: [...items],
    statuses: known.statuses,
    next: formatNumber(items.length === limit ? items.at(-1)?.number : undefined),
  }
})
