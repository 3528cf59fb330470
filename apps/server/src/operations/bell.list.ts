import { limits } from '@recado/protocol'
import { presentBell } from '../gateway/gateway.ts'
import { handle } from './handler.ts'

export const bellList = handle('bell.list', async (context, { above }, caller) => {
  const { items, version } = await context.store.bell.read(caller.accountId, above ?? null, limits.eventsPageSize)
  return { items: items.map(presentBell), version, next: null }
})
