import type { AccountId } from '@recado/protocol'
import { Refusal } from '../problem.ts'
import { handle } from './handler.ts'

const defaultLimit = 50

/** A page continues after its last person, so the cursor is that person's id. */
export const peopleSearch = handle('people.search', async (context, { query, next, limit = defaultLimit }) => {
  const after = next === undefined ? null : parseCursor(next)
  const found = await context.store.accounts.searchPeople(query, after, limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, next: found.length > limit && last !== undefined ? String(last.id) : null }
})

function parseCursor(next: string): AccountId {
  const id = Number(next)
  if (/^[1-9]\d*$/.test(next) && Number.isSafeInteger(id)) return id as AccountId
  throw new Refusal('invalid-input', { errors: [{ path: '/next', message: 'must come from an earlier page' }] })
}
