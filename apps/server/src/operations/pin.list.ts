import { limits } from '@recado/protocol'
import { readAsMember } from '../access/membership.ts'
import { formatPlace, parsePlace } from '../access/place.ts'
import { isoTime } from '../clock.ts'
import { handle } from './handler.ts'

export const pinList = handle('pin.list', async ({ store }, input, { accountId }) => {
  const { conversationId, limit = limits.pageSize, next } = input
  const place = parsePlace(next)
  const after = place === null ? null : { micros: place[0], number: place[1] }
  const rows = await readAsMember(store, { conversationId, accountId }, ({ visibleFrom }) =>
    store.marks.listPins({ conversationId, visibleFrom, after, limit }),
  )
  const last = rows.at(-1)
  return {
    items: rows.map(({ message, accountId: by, micros }) => ({ message, pin: { accountId: by, at: isoTime(micros) } })),
    next: rows.length === limit && last !== undefined ? formatPlace(last.micros, last.message.sequence) : null,
  }
})
