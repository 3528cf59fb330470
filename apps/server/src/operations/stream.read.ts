import type { StreamEvent } from '@recado/protocol'
import { presentTo } from '../access/sight.ts'
import { refuse } from '../problem.ts'
import { handle } from './handler.ts'

const defaultLimit = 200
/** UTF-16 units of bodies in one page: a thousand large messages come in several (L10). */
const pageUnits = 1024 * 1024

export const streamRead = handle('stream.read', async ({ store }, input, caller) => {
  const { stream, cursor, limit = defaultLimit, after = cursor.sequence } = input
  if (after < cursor.sequence) refuse('invalid-input', '`after` lies before the cursor.')
  const page = await store.readEventsAsReader({
    stream,
    after,
    limit,
    cursor: cursor.sequence,
    reader: caller.accountId,
  })
  // From which sequence on the caller sees this stream: all of their own, what membership allows of a conversation.
  const visibleFrom = stream === caller.accountId ? 0 : (page.visibleFrom ?? refuse('not-found'))
  // A cursor counts only if its own event is still there and happened when the cursor says (L6).
  const known = cursor.sequence === 0 || page.cursorMicros === cursor.micros
  if (cursor.epoch !== store.epoch || !known) refuse('cursor-gone')
  const items = cutPage(page.items.map(event => presentTo(visibleFrom, event)))
  return { items, head: page.head, epoch: store.epoch }
})

/** As many as weigh what a page may, and one at least. */
function cutPage(events: StreamEvent[]): StreamEvent[] {
  let units = 0
  const end = events.findIndex((event, index) => {
    if ('message' in event.data) units += event.data.message.body?.length ?? 0
    return index > 0 && units > pageUnits
  })
  return end < 0 ? events : events.slice(0, end)
}
