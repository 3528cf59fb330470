import { limits, type Role } from '@recado/protocol'
import { requireMembership } from '../access/membership.ts'
import { formatPlace, parsePlace } from '../access/place.ts'
import { isoTime } from '../clock.ts'
import { handle } from './handler.ts'

const ranks: readonly Role[] = ['owner', 'admin', 'member']

export const memberList = handle('member.list', async (context, input, { accountId }) => {
  const { conversationId, query = null, limit = limits.pageSize, next } = input
  await requireMembership(context.store, conversationId, accountId)
  const place = parsePlace(next)
  const after = place === null ? null : { rank: place[0], id: place[1] }
  const rows = await context.store.listMembers({ conversationId, query, after, limit })
  const last = rows.at(-1)
  return {
    items: rows.map(({ person, role, joinedMicros }) => ({ person, role, joinedAt: isoTime(joinedMicros) })),
    next: rows.length === limit && last !== undefined ? formatPlace(ranks.indexOf(last.role), last.person.id) : null,
  }
})
