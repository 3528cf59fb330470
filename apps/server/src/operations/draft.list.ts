import { limits } from '@recado/protocol'
import { formatNumber, parseNumber } from '../access/place.ts'
import { presentDraftHeader } from '../store/drafts.ts'
import { handle } from './handler.ts'

export const draftList = handle('draft.list', async ({ store }, { next, limit = limits.pageSize }, { accountId }) => {
  const below = next === undefined ? Number.MAX_SAFE_INTEGER : parseNumber(next)
  const items = await store.drafts.list(accountId, below, limit)
  return {
    items: items.map(presentDraftHeader),
    next: formatNumber(items.length === limit ? items.at(-1)?.version : undefined),
  }
})
