import { limits } from '@recado/protocol'
import { presentBell } from '../gateway/gateway.ts'
import { handle } from './handler.ts'

export const bellList = handle('bell.list', async (context, { above, next }, caller) => {
  const from = parseVersion(next) ?? above ?? null
  const { items, version, more } = await context.store.bell.read(caller.accountId, from, limits.eventsPageSize)
  return { items: items.map(presentBell), version, next: more ? String(version) : null }
})

/** The version that a page ended with; what is none starts at the beginning. */
function parseVersion(next: string | undefined): number | null {
  const version = Number(next)
  return Number.isSafeInteger(version) ? version : null
}
