import { limits } from '@recado/protocol'
import { requireMembership } from '../access/membership.ts'
import { presentPositions } from '../access/receipts.ts'
import { handle } from './handler.ts'

export const positionList = handle('position.list', async (context, input, caller) => {
  const { conversationId, above = 0, next } = input
  await requireMembership(context.store, conversationId, caller.accountId)
  const after = parsePlace(next)
  const { items, version } = await context.store.readPositions({
    conversationId,
    above,
    after,
    limit: limits.eventsPageSize,
  })
  const last = items.at(-1)
  const more = items.length === limits.eventsPageSize && last !== undefined
  return { items: presentPositions(items, caller.accountId), version, next: more ? String(last.accountId) : null }
})

/** The account id after which the page starts; what is no id starts at the beginning. */
function parsePlace(next: string | undefined): number {
  const id = Number(next ?? 0)
  return Number.isSafeInteger(id) ? id : 0
}
