import { limits, type SavedMessage } from '@recado/protocol'
import { formatPlace, parsePlace } from '../access/place.ts'
import { maySee } from '../access/sight.ts'
import { isoTime } from '../clock.ts'
import type { SaveRow } from '../store/marks.ts'
import { handle } from './handler.ts'

export const saveList = handle('save.list', async ({ store }, input, { accountId }) => {
  const { limit = limits.pageSize, next } = input
  const place = parsePlace(next)
  const after = place === null ? null : { micros: place[0], number: place[1] }
  const rows = await store.marks.listSaves(accountId, after, limit)
  const last = rows.at(-1)
  return {
    items: rows.map(present),
    next: rows.length === limit && last !== undefined ? formatPlace(last.micros, last.messageId) : null,
  }
})

/** A message that the account may not see any more keeps its place in the list and shows nothing of itself (L8). */
function present({ messageId, conversationId, sequence, micros, message, visibleFrom }: SaveRow): SavedMessage {
  const visible = visibleFrom !== null && maySee(visibleFrom, sequence)
  return { messageId, conversationId, sequence, at: isoTime(micros), message: visible ? message : null }
}
